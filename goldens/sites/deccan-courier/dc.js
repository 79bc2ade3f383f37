(function(){var n=document.querySelector('.nextStory'),first=location.pathname;
if(!('IntersectionObserver'in window)||!n)return;
new IntersectionObserver(function(e){history.replaceState(null,'',e[0].isIntersecting?n.dataset.url:first)},{threshold:0.05}).observe(n);
var more=document.querySelector('.lbMore');
if(more)more.onclick=function(){fetch('/api/v1/live/'+n.dataset.next+'?offset=25').then(function(r){return r.json()}).then(window.__dcAppend)};
document.querySelector('.dcPrivacy button').onclick=function(){this.parentNode.remove();document.cookie='dc_ok=1;path=/'};})();
