package vidaoo_test

import (
	"bytes"
	"context"
	"crypto/sha256"
	"encoding/hex"
	"fmt"
	"net/http"
	"net/http/httptest"
	"os"
	"path/filepath"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/deskbell/deskbell/internal/vidaoo"
	"github.com/deskbell/deskbell/internal/vidaoo/vidaootest"
)

// recorded makes a recording at the fake.
func recorded(t *testing.T, client *vidaoo.Client) string {
	t.Helper()
	m, err := client.CreateMeeting(t.Context(), vidaoo.NewMeeting{Topic: "web"})
	if err != nil {
		t.Fatal(err)
	}
	r, err := client.StartRecording(t.Context(), m.ID)
	if err != nil {
		t.Fatal(err)
	}
	return r.ID
}

// whole looks whether a download is all of the fake's recording.
func whole(t *testing.T, got vidaoo.Download, err error) {
	t.Helper()
	if err != nil {
		t.Fatal(err)
	}
	want := vidaootest.RecordingBytes()
	sum := sha256.Sum256(want)
	data, err := os.ReadFile(got.File)
	if err != nil || !bytes.Equal(data, want) || got.Bytes != int64(len(want)) || got.SHA256 != hex.EncodeToString(sum[:]) {
		t.Errorf("got %+v with %d bytes, %v; want %d", got, len(data), err, len(want))
	}
	info, err := os.Stat(got.File)
	if err != nil || info.Mode().Perm() != 0o600 {
		t.Errorf("the file is %v, %v", info.Mode(), err)
	}
	left, err := filepath.Glob(filepath.Join(filepath.Dir(got.File), "*.part*"))
	if err != nil || len(left) > 0 {
		t.Errorf("left behind: %v, %v", left, err)
	}
}

func TestDownload(t *testing.T) {
	t.Chdir(t.TempDir())
	_, client := fake(t, vidaootest.Options{}, vidaoo.Config{})
	id := recorded(t, client)
	var last, total int64
	got, err := client.DownloadRecording(t.Context(), id, vidaoo.DownloadOptions{Progress: func(done, of int64) { last, total = done, of }})
	whole(t, got, err)
	if got.File != "recording-"+id+".mp4" || got.Resumed != 0 || last != got.Bytes || total != got.Bytes {
		t.Errorf("got %+v, progress %d of %d", got, last, total)
	}
	for _, file := range []string{"", got.File} {
		if _, err := client.DownloadRecording(t.Context(), id, vidaoo.DownloadOptions{File: file}); err == nil || !strings.Contains(err.Error(), "is there already") {
			t.Errorf("to %q again: %v", file, err)
		}
	}
	if _, err := client.DownloadRecording(t.Context(), "nobody", vidaoo.DownloadOptions{}); err == nil || !strings.Contains(err.Error(), "there is no such recording") {
		t.Errorf("an unknown recording: %v", err)
	}
	if _, err := client.DownloadRecording(t.Context(), id, vidaoo.DownloadOptions{File: "no/folder/x"}); err == nil || !strings.Contains(err.Error(), "check the folder's permissions") {
		t.Errorf("no folder: %v", err)
	}
}

// TestDownloadGoesOn: what was cut goes on where it was, within a run and in the next one.
func TestDownloadGoesOn(t *testing.T) {
	for _, wholeOnly := range []bool{false, true} {
		t.Run(fmt.Sprintf("whole only %v", wholeOnly), func(t *testing.T) {
			file := filepath.Join(t.TempDir(), "r.mp4")
			s, client := fake(t, vidaootest.Options{WholeOnly: wholeOnly}, vidaoo.Config{})
			id := recorded(t, client)
			s.SetFaults(vidaootest.Fault{Kind: vidaootest.Short, On: "recording-download", Times: 1})
			got, err := client.DownloadRecording(t.Context(), id, vidaoo.DownloadOptions{File: file})
			whole(t, got, err)
		})
	}
	s, client := fake(t, vidaootest.Options{}, vidaoo.Config{Settings: vidaoo.Settings{"attempts": "1"}})
	id := recorded(t, client)
	file := filepath.Join(t.TempDir(), "r.mp4")
	s.SetFaults(vidaootest.Fault{Kind: vidaootest.Short, On: "recording-download"})
	_, err := client.DownloadRecording(t.Context(), id, vidaoo.DownloadOptions{File: file})
	if err == nil || !strings.Contains(err.Error(), "cut the connection") || !strings.Contains(err.Error(), "and the same command goes on from there") {
		t.Errorf("the error is %v", err)
	}
	if _, err := os.Stat(file); err == nil {
		t.Error("half of a recording has the name of a whole one")
	}
	s.SetFaults()
	got, err := client.DownloadRecording(t.Context(), id, vidaoo.DownloadOptions{File: file})
	whole(t, got, err)
	if got.Resumed == 0 {
		t.Error("it began anew")
	}
	// All was there, but not renamed.
	os.Rename(file, file+".part")
	os.WriteFile(file+".part.tag", fmt.Appendf(nil, "%q\n", id), 0o600)
	got, err = client.DownloadRecording(t.Context(), id, vidaoo.DownloadOptions{File: file})
	whole(t, got, err)
	// What was there is of another recording.
	for _, leftover := range []string{"other bytes", strings.Repeat("x", 400_000)} {
		os.Remove(file)
		os.WriteFile(file+".part", []byte(leftover), 0o600)
		os.WriteFile(file+".part.tag", []byte("\"another\"\n"), 0o600)
		client = newClient(t, vidaoo.Config{Settings: vidaoo.Settings{"base-url": "http://" + client.Host() + "/api/v1"}})
		got, err = client.DownloadRecording(t.Context(), id, vidaoo.DownloadOptions{File: file})
		whole(t, got, err)
	}
}

// TestDownloadElsewhere: recordings may lie in a store; the key does not go there.
func TestDownloadElsewhere(t *testing.T) {
	store := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		for name, values := range r.Header {
			if strings.Contains(strings.Join(values, ""), testKey) {
				t.Errorf("the store got the key in %s", name)
			}
		}
		w.Write(vidaootest.RecordingBytes())
	}))
	defer store.Close()
	file := filepath.Join(t.TempDir(), "r")
	client := newClient(t, vidaoo.Config{Settings: vidaoo.Settings{"base-url": redirecting(t, store.URL+"/signed?x=1")}})
	got, err := client.DownloadRecording(t.Context(), "r1", vidaoo.DownloadOptions{File: file})
	whole(t, got, err)
	for to, says := range map[string]string{"http://store.example/": "an address that is not https", "/recordings/x/download": "without end"} {
		client := newClient(t, vidaoo.Config{Settings: vidaoo.Settings{"base-url": redirecting(t, to), "attempts": "1"}})
		if _, err := client.DownloadRecording(t.Context(), "r1", vidaoo.DownloadOptions{File: file + "2"}); err == nil || !strings.Contains(err.Error(), says) {
			t.Errorf("to %s: %v", to, err)
		}
	}
}

func redirecting(t *testing.T, to string) string {
	s := httptest.NewServer(http.RedirectHandler(to, http.StatusFound))
	t.Cleanup(s.Close)
	return s.URL
}

func TestDownloadOfNone(t *testing.T) {
	file := filepath.Join(t.TempDir(), "r")
	for _, tc := range []struct{ kind, body, says string }{
		{"application/json", `{"url":"https://store.example/x","size":3}`, "it is no recording but JSON with size, url; set where recordings are with --set 'recording-download=GET /path/{id}'"},
		{"text/html", "<html>", "it is a web page and no recording"},
	} {
		client := newClient(t, vidaoo.Config{Transport: answering(200, tc.body, "Content-Type", tc.kind)})
		if _, err := client.DownloadRecording(t.Context(), "r1", vidaoo.DownloadOptions{File: file}); err == nil || !strings.Contains(err.Error(), tc.says) {
			t.Errorf("%s: %v", tc.kind, err)
		}
	}
	if entries, err := os.ReadDir(filepath.Dir(file)); err != nil || len(entries) > 0 {
		t.Errorf("left behind: %v, %v", entries, err)
	}
}

// TestDownloadStalls: a server that sends nothing more is given up, one that is slow but sends is not.
func TestDownloadStalls(t *testing.T) {
	dir := t.TempDir()
	synctest.Test(t, func(t *testing.T) {
		start := time.Now()
		client := newClient(t, vidaoo.Config{Settings: vidaoo.Settings{"attempts": "1"}, Transport: transport(func(r *http.Request) (*http.Response, error) {
			return &http.Response{StatusCode: 200, ContentLength: 100, Header: http.Header{}, Body: &drip{ctx: r.Context(), left: 5}}, nil
		})})
		_, err := client.DownloadRecording(t.Context(), "r1", vidaoo.DownloadOptions{File: filepath.Join(dir, "r")})
		if err == nil || !strings.Contains(err.Error(), "did not answer in time") {
			t.Errorf("the error is %v", err)
		}
		if took := time.Since(start); took != 5*9*time.Second+10*time.Second {
			t.Errorf("it took %v", took)
		}
	})
}

// drip gives a byte each nine seconds, and then nothing.
type drip struct {
	ctx  context.Context
	left int
}

func (d *drip) Read(p []byte) (int, error) {
	if d.left--; d.left < 0 {
		<-d.ctx.Done()
		return 0, d.ctx.Err()
	}
	timer := time.NewTimer(9 * time.Second)
	defer timer.Stop()
	select {
	case <-timer.C:
		p[0] = 'x'
		return 1, nil
	case <-d.ctx.Done():
		return 0, d.ctx.Err()
	}
}

func (d *drip) Close() error { return nil }
