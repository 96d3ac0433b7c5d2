package vidaoo_test

import (
	"bytes"
	"errors"
	"io"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"testing/synctest"
	"time"

	"github.com/deskbell/deskbell/internal/vidaoo"
	"github.com/deskbell/deskbell/internal/vidaoo/vidaootest"
)

// TestOpenRecording: a recording comes as it is, and what is no recording is
// refused before anything of it is passed on.
func TestOpenRecording(t *testing.T) {
	server, client := fake(t, vidaootest.Options{}, vidaoo.Config{Settings: vidaoo.Settings{vidaoo.SettingTimeout: "1s"}})
	id := recorded(t, client)
	m, err := client.OpenRecording(t.Context(), id)
	if err != nil {
		t.Fatal(err)
	}
	data, err := io.ReadAll(m)
	m.Close()
	if want := vidaootest.RecordingBytes(); err != nil || !bytes.Equal(data, want) || m.Length != int64(len(want)) || m.ContentType != "video/mp4" || m.Extension != ".mp4" {
		t.Errorf("%d bytes of %d, %s %s, %v", len(data), m.Length, m.ContentType, m.Extension, err)
	}
	for _, tc := range []struct {
		fault vidaootest.FaultKind
		says  string
	}{
		{vidaootest.Slow, "did not answer in time"}, {vidaootest.Broken, "500"}, {vidaootest.Page, "web page"},
		{vidaootest.Garbled, "no recording"}, {vidaootest.Forbidden, "403"}, {vidaootest.Gone, "there is no such recording"},
	} {
		server.SetFaults(vidaootest.Fault{Kind: tc.fault, On: "recording-download"})
		if _, err := client.OpenRecording(t.Context(), id); err == nil || !strings.Contains(err.Error(), tc.says) || strings.Contains(err.Error(), "test-key") {
			t.Errorf("%s: %v, want %q", tc.fault, err, tc.says)
		}
	}
	server.SetFaults(vidaootest.Fault{Kind: vidaootest.Short, On: "recording-download"})
	if m, err = client.OpenRecording(t.Context(), id); err != nil {
		t.Fatal(err)
	}
	defer m.Close()
	if _, err = io.ReadAll(m); err == nil || !strings.Contains(err.Error(), "cut the connection") {
		t.Errorf("half of a recording: %v", err)
	}
}

// roundTrip answers a request.
type roundTrip func(*http.Request) (*http.Response, error)

func (f roundTrip) RoundTrip(r *http.Request) (*http.Response, error) { return f(r) }

// TestRecordingStalls: it is Vidaoo's bytes that are waited for, and not whoever
// reads them.
func TestRecordingStalls(t *testing.T) {
	synctest.Test(t, func(t *testing.T) {
		in, out := io.Pipe()
		client, err := vidaoo.NewClient(vidaoo.Config{Key: "test-key", Transport: roundTrip(func(r *http.Request) (*http.Response, error) {
			stop := r.Context()
			go func() {
				<-stop.Done()
				out.CloseWithError(errors.New("the request was given up"))
			}()
			w := httptest.NewRecorder()
			w.Header().Set("Content-Type", "video/webm")
			answer := w.Result()
			answer.Body, answer.ContentLength = in, -1
			return answer, nil
		})})
		if err != nil {
			t.Fatal(err)
		}
		m, err := client.OpenRecording(t.Context(), "r1")
		if err != nil {
			t.Fatal(err)
		}
		defer m.Close()
		buffer := make([]byte, 10)
		for range 3 {
			go out.Write([]byte("bytes"))
			time.Sleep(time.Hour) // nobody reads
			if n, err := m.Read(buffer); n != 5 || err != nil {
				t.Fatalf("%d bytes, %v", n, err)
			}
		}
		begun := time.Now()
		if _, err := m.Read(buffer); err == nil || !strings.Contains(err.Error(), "did not answer in time") || time.Since(begun) != 10*time.Second {
			t.Errorf("without a byte for %v: %v", time.Since(begun), err)
		}
	})
}
