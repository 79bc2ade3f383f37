(function(){document.documentElement.className='js';
var l=document.querySelectorAll('img.leniwe');var ob=new IntersectionObserver(function(w){w.forEach(function(x){if(x.isIntersecting){x.target.srcset=x.target.dataset.srcset;ob.unobserve(x.target)}})});
l.forEach(function(i){ob.observe(i)});
var s=document.querySelector('.sonda form');if(s)s.addEventListener('submit',function(e){e.preventDefault();fetch(s.action,{method:'POST',body:new FormData(s)}).then(function(r){return r.text()}).then(function(t){s.innerHTML=t})});
document.querySelectorAll('.zgody button').forEach(function(b){b.onclick=function(){b.parentNode.remove()}})})();
