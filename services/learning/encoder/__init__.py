"""Exports the sentence encoder that the reply service searches with: MiniLM-L6, ONNX, INT8."""
