/** Copies the curl line. */

const button = /** @type {HTMLElement} */ (document.getElementById('copy'));
const command = /** @type {HTMLElement} */ (document.getElementById('curl'));

button.addEventListener('click', async () => {
  try {
    await navigator.clipboard.writeText(command.textContent ?? '');
    button.textContent = 'Copied';
  } catch {
    // Without HTTPS the clipboard is only there on localhost.
    getSelection()?.selectAllChildren(command);
    button.textContent = 'Selected';
  }
  setTimeout(() => {
    button.textContent = 'Copy';
  }, 2000);
});
