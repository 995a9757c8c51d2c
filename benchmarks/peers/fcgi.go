// The application of the benchmark with net/http/fcgi: fcgi <port of 127.0.0.1> <path of a socket>
package main

import (
	"bytes"
	"io"
	"log"
	"net"
	"net/http"
	"net/http/fcgi"
	"os"
	"strconv"
)

var block = bytes.Repeat([]byte("x"), 64*1024)

func answer(w http.ResponseWriter, r *http.Request) {
	w.Header().Set("Content-Type", "text/plain")
	if r.Method == http.MethodPost {
		count, err := io.Copy(io.Discard, r.Body)
		if err != nil {
			http.Error(w, err.Error(), http.StatusBadRequest)
			return
		}
		io.WriteString(w, strconv.FormatInt(count, 10))
		return
	}
	count, err := strconv.Atoi(r.URL.Query().Get("count"))
	if err != nil {
		http.Error(w, err.Error(), http.StatusBadRequest)
		return
	}
	w.Header().Set("Content-Length", strconv.Itoa(count))
	for count > 0 {
		size := count
		if size > len(block) {
			size = len(block)
		}
		w.Write(block[:size])
		count -= size
	}
}

func main() {
	port, err := net.Listen("tcp", "127.0.0.1:"+os.Args[1])
	if err != nil {
		log.Fatal(err)
	}
	socket, err := net.Listen("unix", os.Args[2])
	if err != nil {
		log.Fatal(err)
	}
	go func() { log.Fatal(fcgi.Serve(port, http.HandlerFunc(answer))) }()
	log.Fatal(fcgi.Serve(socket, http.HandlerFunc(answer)))
}
