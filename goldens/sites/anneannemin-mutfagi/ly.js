(function(){var r=[].slice.call(document.querySelectorAll('.ly-tembel'));
var g=new IntersectionObserver(function(l){l.forEach(function(e){if(!e.isIntersecting)return;var i=e.target;if(i.dataset.srcset)i.srcset=i.dataset.srcset;if(i.dataset.src)i.src=i.dataset.src;g.unobserve(i)})},{rootMargin:'300px'});
r.forEach(function(i){g.observe(i)});
document.querySelector('.kvkk').addEventListener('click',function(e){if(e.target.dataset.o){localStorage.kvkk=e.target.dataset.o;this.remove()}});
var o=document.querySelector('.olcek');if(o)o.onclick=function(e){if(e.target.dataset.kat)document.body.dataset.kat=e.target.dataset.kat};})();
