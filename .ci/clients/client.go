// What Go's net/http does with an edge and the platform: go run client.go DIR
package main

import (
	"bytes"
	"crypto/sha256"
	"encoding/hex"
	"encoding/json"
	"fmt"
	"io"
	"net/http"
	"os"
	"path/filepath"
	"strings"
)

type task struct {
	Work, Empty, Token, Sha256, Uploads, Upload, Manifest string
	APIKey                                                string `json:"api_key"`
	Length                                                int
}

func (t task) ask(method, url string, more ...string) (*http.Response, []byte, error) {
	request, err := http.NewRequest(method, url, nil)
	if err != nil {
		return nil, nil, err
	}
	request.Header.Set("Authorization", "Bearer "+t.Token)
	for i := 0; i < len(more); i += 2 {
		request.Header.Set(more[i], more[i+1])
	}
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return nil, nil, err
	}
	defer answer.Body.Close()
	if _, err := http.ParseTime(answer.Header.Get("Date")); err != nil {
		return nil, nil, err // one digit for the day would be refused here
	}
	content, err := io.ReadAll(answer.Body)
	return answer, content, err
}

func equal(found, wanted any) error {
	if fmt.Sprint(found) != fmt.Sprint(wanted) {
		return fmt.Errorf("%v where %v is right", found, wanted)
	}
	return nil
}

func (t task) right(content []byte) error {
	sum := sha256.Sum256(content)
	return equal(hex.EncodeToString(sum[:]), t.Sha256)
}

func (t task) whole() error {
	_, content, err := t.ask("GET", t.Work)
	if err != nil {
		return err
	}
	return t.right(content)
}

func (t task) ranged() error {
	answer, content, err := t.ask("GET", t.Work, "Range", "bytes=100-199")
	if err != nil {
		return err
	}
	return equal([]int{answer.StatusCode, len(content)}, []int{206, 100})
}

func (t task) resume() error {
	half := t.Length / 2
	first, begin, err := t.ask("GET", t.Work, "Range", fmt.Sprintf("bytes=0-%d", half-1))
	if err != nil {
		return err
	}
	_, rest, err := t.ask("GET", t.Work, "Range", fmt.Sprintf("bytes=%d-", half), "If-Range", first.Header.Get("ETag"))
	if err != nil {
		return err
	}
	return t.right(append(begin, rest...))
}

func (t task) conditional() error {
	head, _, err := t.ask("HEAD", t.Work)
	if err != nil {
		return err
	}
	answer, _, err := t.ask("GET", t.Work, "If-None-Match", head.Header.Get("ETag"))
	if err != nil {
		return err
	}
	return equal(answer.StatusCode, 304)
}

func (t task) head() error {
	answer, _, err := t.ask("HEAD", t.Work)
	if err != nil {
		return err
	}
	return equal(answer.ContentLength, t.Length)
}

func (t task) empty() error {
	answer, content, err := t.ask("GET", t.Empty, "Range", "bytes=0-")
	if err != nil {
		return err
	}
	return equal([]int{answer.StatusCode, len(content)}, []int{200, 0})
}

func (t task) upload() error {
	content, err := os.ReadFile(t.Upload)
	if err != nil {
		return err
	}
	request, err := http.NewRequest("POST", t.Uploads, bytes.NewReader(content))
	if err != nil {
		return err
	}
	request.Header.Set("Authorization", "Bearer "+t.APIKey)
	request.Header.Set("Tallystick-Manifest", t.Manifest)
	request.Header.Set("Content-Type", "application/octet-stream")
	answer, err := http.DefaultClient.Do(request)
	if err != nil {
		return err
	}
	defer answer.Body.Close()
	return equal(answer.StatusCode, 201)
}

func main() {
	text, err := os.ReadFile(filepath.Join(os.Args[1], "task.json"))
	if err != nil {
		panic(err)
	}
	var t task
	if err := json.Unmarshal(text, &t); err != nil {
		panic(err)
	}
	for _, act := range []struct {
		name string
		run  func() error
	}{
		{"whole", t.whole}, {"range", t.ranged}, {"resume", t.resume}, {"conditional", t.conditional},
		{"HEAD", t.head}, {"empty", t.empty}, {"upload", t.upload},
	} {
		if err := act.run(); err != nil {
			fmt.Println(act.name, "FAILED", strings.ReplaceAll(err.Error(), "\n", " "))
		} else {
			fmt.Println(act.name, "yes")
		}
	}
}
