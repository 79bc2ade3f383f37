document.addEventListener('click',function(e){var b=e.target.closest('.capa-cookies button');if(b){document.cookie='cdt_cookies='+(b.classList.contains('boton--claro')?'min':'todo')+';path=/;max-age=15768000';b.parentNode.remove()}
var p=e.target.closest('.plegar');if(p){var d=p.parentNode;d.classList.toggle('cerrada');p.textContent=d.classList.contains('cerrada')?'Leer más':'Leer menos'}});
(function(){var m=document.querySelector('.mapa button');if(!m)return;m.addEventListener('click',function(){var s=document.createElement('script');s.src='/_cdt/mapa.js';document.body.appendChild(s)})})();
