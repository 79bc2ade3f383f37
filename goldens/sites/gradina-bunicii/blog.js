function arhiva(el) {
	var ul = el.parentNode.getElementsByTagName('ul')[0];
	if (ul) { ul.style.display = ul.style.display == 'none' ? '' : 'none'; }
	return false;
}
window.onload = function () {
	var b = document.getElementById('cookieOk');
	b.onclick = function () { b.parentNode.style.display = 'none'; return false; };
};
