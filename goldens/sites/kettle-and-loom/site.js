function addLoadEvent(func) { var old = window.onload; if (typeof old != 'function') { window.onload = func; } else { window.onload = function () { old(); func(); } } }
function dropArchive(sel) { if (sel.options[sel.selectedIndex].value != '') { document.location.href = sel.options[sel.selectedIndex].value; } }
addLoadEvent(function () {
	var links = document.getElementsByTagName('a');
	for (var i = 0; i < links.length; i++) {
		if (links[i].getAttribute('rel') == 'external nofollow') { links[i].target = '_blank'; }
	}
});
