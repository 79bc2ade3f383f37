(function(){var c=document.querySelectorAll('.catalog a');for(var i=0;i<c.length;i++){c[i].onclick=function(){var a=document.getElementsByName(this.getAttribute('href').slice(1))[0];if(a){window.scrollTo(0,a.offsetTop-60);return false}}}
window.onscroll=function(){document.querySelector('.floatbar').style.display=(document.documentElement.scrollTop>300)?'grid':'none'}})();
