class QuantityInput extends HTMLElement {
  constructor() {
    super();
    this.box = this.querySelector('input');
    this.querySelectorAll('button').forEach((b) => b.addEventListener('click', (e) => { e.preventDefault(); b.name === 'plus' ? this.box.stepUp() : this.box.stepDown(); }));
  }
}
customElements.define('quantity-input', QuantityInput);
document.querySelectorAll('.privacy-strip button').forEach((b, i) => b.addEventListener('click', () => { document.cookie = `oe_consent=${1 - i};path=/;max-age=31536000`; b.parentNode.remove(); }));
