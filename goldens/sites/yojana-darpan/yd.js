function fontSize(step) {
	var size = parseInt(document.body.style.fontSize || '15', 10);
	document.body.style.fontSize = (step === 0 ? 15 : size + step) + 'px';
}
function Menu_HoverStatic(td) { td.className = 'hover'; }
function Menu_Unhover(td) { td.className = ''; }
function printScheme() { window.print(); return false; }
