/* The application of the benchmark with libfcgi, a thread for each connection, as in its examples/threaded.c:
 * fcgi <port of 127.0.0.1> <path of a socket> <threads for each of them> */
#include <pthread.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <fcgiapp.h>

#define BLOCK (64 * 1024)

static char block[BLOCK];

static void count_body(FCGX_Request *request) {
	char buffer[BLOCK];
	long count = 0;
	int got;
	while ((got = FCGX_GetStr(buffer, sizeof buffer, request->in)) > 0)
		count += got;
	FCGX_FPrintF(request->out, "Content-Type: text/plain\r\n\r\n%ld", count);
}

static void send_body(FCGX_Request *request) {
	const char *query = FCGX_GetParam("QUERY_STRING", request->envp);
	long left = query && strncmp(query, "count=", 6) == 0 ? atol(query + 6) : 0;
	FCGX_FPrintF(request->out, "Content-Type: text/plain\r\nContent-Length: %ld\r\n\r\n", left);
	for (; left > 0; left -= BLOCK)
		FCGX_PutStr(block, left < BLOCK ? (int) left : BLOCK, request->out);
}

static void *serve(void *socket) {
	FCGX_Request request;
	FCGX_InitRequest(&request, *(int *) socket, 0);
	while (FCGX_Accept_r(&request) == 0) {
		const char *method = FCGX_GetParam("REQUEST_METHOD", request.envp);
		if (method && strcmp(method, "POST") == 0)
			count_body(&request);
		else
			send_body(&request);
		FCGX_Finish_r(&request);
	}
	return NULL;
}

int main(int argc, char **argv) {
	static int sockets[2];
	char port[32];
	if (argc != 4)
		return 2;
	memset(block, 'x', sizeof block);
	snprintf(port, sizeof port, "127.0.0.1:%s", argv[1]);
	FCGX_Init();
	sockets[0] = FCGX_OpenSocket(port, 4096);
	sockets[1] = FCGX_OpenSocket(argv[2], 4096);
	for (int i = 0; i < 2 * atoi(argv[3]); i++) {
		pthread_t thread;
		if (sockets[i % 2] < 0 || pthread_create(&thread, NULL, serve, &sockets[i % 2]) != 0)
			return 1;
	}
	pause();
	return 0;
}
