from services.common.migrations import run

run()
