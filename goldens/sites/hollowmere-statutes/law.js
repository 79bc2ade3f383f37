document.querySelector('#biscuits button').onclick = function () {
	localStorage.setItem('hm-ok', '1');
	this.parentNode.style.display = 'none';
};
Array.prototype.forEach.call(document.querySelectorAll('.mark'), function (m) {
	m.addEventListener('mouseover', function () {
		var note = document.getElementById(m.getAttribute('href').slice(1));
		m.title = note ? note.textContent : '';
	});
});
