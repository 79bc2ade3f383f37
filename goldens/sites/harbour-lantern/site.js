jQuery(function ($) {
	var bar = $('#cookie-law');
	if (document.cookie.indexOf('lantern_ok=') > -1) { bar.remove(); }
	bar.find('button').on('click', function () {
		document.cookie = 'lantern_ok=' + $(this).data('cl') + ';path=/;max-age=15552000';
		bar.slideUp(180);
	});
	$('.menu-toggle').on('click', function () {
		var open = $(this).attr('aria-expanded') === 'true';
		$(this).attr('aria-expanded', !open);
		$('#primary-menu').toggleClass('sub-open', !open);
	});
	$('.js-lazy').each(function () {
		var img = this;
		new IntersectionObserver(function (seen, o) {
			if (seen[0].isIntersecting) { img.srcset = img.getAttribute('data-lazy-srcset'); o.disconnect(); }
		}, { rootMargin: '200px' }).observe(img);
	});
});
