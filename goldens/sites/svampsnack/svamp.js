function smiley(kod) {
	var falt = document.snabb.text;
	falt.value = falt.value + ' ' + kod + ' ';
	falt.focus();
}
function fonster(adress, namn) {
	window.open(adress, namn, 'width=500,height=400,scrollbars=yes');
	return false;
}
