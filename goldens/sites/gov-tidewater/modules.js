(function (w, d) {
  var root = d.documentElement
  root.className += ' js-enabled'
  w.TwModules = { start: function (scope) {
    ;[].forEach.call((scope || d).querySelectorAll('[data-module]'), function (el) {
      var make = w.TwModules[el.getAttribute('data-module')]
      if (make && !el.twStarted) { make(el); el.twStarted = true }
    })
  } }
  w.TwModules['feedback'] = function (el) {
    el.addEventListener('click', function (e) {
      if (!e.target.hasAttribute('data-show')) { return }
      d.getElementById(e.target.getAttribute('data-show')).hidden = false
    })
  }
  w.TwModules['cookie-banner'] = function (el) {
    if (/(^|; )tw_consent=/.test(d.cookie)) { el.hidden = true }
    el.addEventListener('click', function (e) {
      var pick = e.target.getAttribute('data-consent')
      if (pick) { d.cookie = 'tw_consent=' + pick + ';path=/;max-age=31536000'; el.hidden = true }
    })
  }
  d.addEventListener('DOMContentLoaded', function () { w.TwModules.start() })
})(window, document)
