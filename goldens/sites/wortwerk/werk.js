(function () {
  var feld = document.querySelector('#kopf input'), kasten = document.getElementById('einwilligung');
  document.querySelectorAll('.tastatur button').forEach(function (b) {
    b.onclick = function () { feld.value += b.dataset.zeichen; feld.focus(); };
  });
  if (/ww_zustimmung=/.test(document.cookie)) kasten.remove();
  kasten.addEventListener('click', function (e) {
    if (e.target.nodeName !== 'BUTTON') return;
    document.cookie = 'ww_zustimmung=' + ('ja' in e.target.dataset ? 1 : 0) + ';max-age=31536000;path=/';
    kasten.remove();
  });
  var heute = document.querySelector('[data-heute]');
  heute.textContent = new Date().toLocaleDateString('de-DE');
})();
