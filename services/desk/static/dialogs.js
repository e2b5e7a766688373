// Native dialogs that answer with what was chosen.

// The value of the field `name` (true without one), or null when it was left.
export function choose(id, name, checked) {
  const dialog = document.getElementById(id);
  if (checked) {
    for (const each of dialog.querySelectorAll(`input[name="${name}"]`)) each.checked = each.value === checked;
  }
  dialog.returnValue = "";
  dialog.showModal();
  return new Promise((answer) => {
    dialog.addEventListener(
      "close",
      () => {
        if (dialog.returnValue !== "ok") return answer(null);
        const field = name && dialog.querySelector(`input[name="${name}"]:checked`);
        answer(field ? field.value : true);
      },
      { once: true },
    );
  });
}
