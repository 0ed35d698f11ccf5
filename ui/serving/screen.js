/* Screen: the little that Streamlit's page does wrong. docs/decisions/0021 tells why each part is here. */
window.__streamlit = { BACKEND_BASE_URL: new URL(".", location.href).href } /* else it asks under the page's name first: two 404 */

document.addEventListener("click", event => { /* on a phone the menu lies over the page that was chosen */
  if (innerWidth < 768 && event.target.closest('[data-testid="stSidebarNavLink"]'))
    document.querySelector('[data-testid="stSidebarCollapseButton"] button')?.click()
})

if (!navigator.clipboard) /* browsers keep it from pages without https */
  Object.defineProperty(navigator, "clipboard", { value: { writeText: async text => {
    const put = event => { event.clipboardData.setData("text/plain", text); event.preventDefault() }
    document.addEventListener("copy", put)
    const is_copied = document.execCommand("copy")
    document.removeEventListener("copy", put)
    if (!is_copied) prompt(WORDS[document.documentElement.lang], text)
  } } })
