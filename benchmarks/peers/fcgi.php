<?php
// The application of the benchmark for php-fpm.
header('Content-Type: text/plain');
if ($_SERVER['REQUEST_METHOD'] === 'POST') {
	$body = fopen('php://input', 'r');
	$count = 0;
	while (!feof($body)) {
		$count += strlen(fread($body, 65536));
	}
	echo $count;
} else {
	$count = (int) $_GET['count'];
	header("Content-Length: $count");
	echo str_repeat('x', $count);
}
