function OPAC_inicio() {
	var f = document.getElementById('q');
	if (f && !f.value) { f.focus(); }
	var b = document.getElementById('habeas').getElementsByTagName('input')[0];
	b.onclick = function () { b.parentNode.style.display = 'none'; };
}
function OPAC_letra(paso) {
	var t = parseInt(document.body.style.fontSize || '14', 10) + paso;
	document.body.style.fontSize = t + 'px';
}
function OPAC_menu(el, encendido) {
	el.className = encendido ? 'activo' : '';
}
