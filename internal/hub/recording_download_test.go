package hub_test

import (
	"bytes"
	"context"
	"errors"
	"io"
	"net/http"
	"strconv"
	"strings"
	"sync"
	"testing"
	"time"

	"github.com/deskbell/deskbell/internal/call"
	"github.com/deskbell/deskbell/internal/hub/hubtest"
	"github.com/deskbell/deskbell/internal/vidaoo/vidaootest"
)

// get asks for a file.
func get(t *testing.T, url, token string) *http.Response {
	t.Helper()
	ctx, cancel := context.WithTimeout(t.Context(), hubtest.Patience)
	t.Cleanup(cancel)
	r, err := http.NewRequestWithContext(ctx, "GET", url, nil)
	if err != nil {
		t.Fatal(err)
	}
	r.Header.Set("Authorization", "Bearer "+token)
	got, err := http.DefaultTransport.RoundTrip(r)
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { got.Body.Close() })
	return got
}

// recorded is a call with a recording.
func (s *studio) recorded() (id, recording, url string) {
	s.t.Helper()
	id, _ = s.incall()
	s.apps["anna"].MustAsk(record(id, true))
	s.apps["anna"].MustAsk(record(id, false))
	recording = s.call(id).Recordings[0].ID
	return id, recording, s.URL + "/api/v1/calls/" + id + "/recordings/" + recording
}

// TestDownloadRecording: supervisors of the queue get it as it is, and that is
// noted before.
func TestDownloadRecording(t *testing.T) {
	s := mustStudio(t, vidaootest.Options{})
	id, recording, url := s.recorded()
	for _, who := range []string{"sara", "eva"} {
		got := get(t, url, s.tokens[who])
		data, err := io.ReadAll(got.Body)
		want := vidaootest.RecordingBytes()
		if err != nil || got.StatusCode != http.StatusOK || !bytes.Equal(data, want) {
			t.Fatalf("%s got %d with %d bytes, %v", who, got.StatusCode, len(data), err)
		}
		for name, value := range map[string]string{
			"Content-Type": "video/mp4", "Content-Length": strconv.Itoa(len(want)), "X-Content-Type-Options": "nosniff", "Cache-Control": "no-store",
			"Content-Disposition": `attachment; filename="recording-` + id + `-1.mp4"`,
		} {
			if got.Header.Get(name) != value {
				t.Errorf("%s: %q, want %q", name, got.Header.Get(name), value)
			}
		}
	}
	_, audit := hubtest.Do(t, "GET", s.URL+"/api/v1/admin/audit", s.tokens["eva"], "", "")
	if strings.Count(audit, `"recording.download"`) != 2 || !strings.Contains(audit, `"options":{"recording":"`+recording+`"}`) || !strings.Contains(audit, id) {
		t.Errorf("the audit log: %s", audit)
	}
	other, _ := s.incallOver()
	for name, tc := range map[string]struct {
		url, who string
		status   int
		code     call.Code
	}{
		"nobody":             {url, "", 401, "unauthorized"},
		"its agent":          {url, "anna", 403, call.Forbidden},
		"of another queue":   {url, "otto", 404, call.NotFound},
		"no such recording":  {url + "x", "sara", 404, call.NotFound},
		"another call's":     {strings.Replace(url, id, other, 1), "sara", 404, call.NotFound},
		"no such call":       {strings.Replace(url, id, "aaaaaaaaaaaaaaaa", 1), "sara", 404, call.NotFound},
		"a way to elsewhere": {strings.Replace(url, recording, "..%2f..%2fmeetings", 1), "sara", 404, call.NotFound},
	} {
		status, answer := hubtest.Do(t, "GET", tc.url, s.tokens[tc.who], "", "")
		if status != tc.status || problem(t, answer).Code != tc.code {
			t.Errorf("%s: %d %s", name, status, answer)
		}
	}
	before := len(s.asked("recording-download"))
	s.Hub.FailAudit(errors.New("the disk is full"))
	if status, answer := hubtest.Do(t, "GET", url, s.tokens["sara"], "", ""); status != http.StatusServiceUnavailable {
		t.Errorf("it can't be noted: %d %s", status, answer)
	}
	if got := len(s.asked("recording-download")); got != before {
		t.Error("it was asked for although that could not be noted")
	}
}

// TestDownloadWithoutVidaoo: what Vidaoo does wrong is a sentence, and what was cut
// does not look whole.
func TestDownloadWithoutVidaoo(t *testing.T) {
	s := mustStudio(t, vidaootest.Options{RecordingType: "text/html"})
	_, _, url := s.recorded()
	refuses := func(name, says string) {
		t.Helper()
		status, answer := hubtest.Do(t, "GET", url, s.tokens["sara"], "", "")
		if p := problem(t, answer); status != http.StatusServiceUnavailable || p.Code != call.Unavailable || !strings.Contains(p.Detail, says) || strings.Contains(answer, "test-key") {
			t.Errorf("%s: %d %s", name, status, answer)
		}
	}
	refuses("a web page", "Vidaoo does not give the recording")
	for _, kind := range []vidaootest.FaultKind{vidaootest.Broken, vidaootest.Slow, vidaootest.Garbled, vidaootest.Page, vidaootest.Forbidden, vidaootest.Gone} {
		s.fake.SetFaults(vidaootest.Fault{Kind: kind, On: "recording-download"})
		refuses(string(kind), "Vidaoo does not give the recording")
	}
	s.fake.SetFaults()
	s.client.missing.Store(true)
	s.restart()
	url = s.URL + url[strings.Index(url, "/api/"):]
	refuses("no key", "'deskbell-hub vidaoo connect'")
}

// TestDownloadBreaks: half a recording breaks off.
func TestDownloadBreaks(t *testing.T) {
	s := mustStudio(t, vidaootest.Options{RecordingType: `application/x-msdownload`})
	_, _, url := s.recorded()
	s.fake.SetFaults(vidaootest.Fault{Kind: vidaootest.Short, On: "recording-download", Times: 1})
	got := get(t, url, s.tokens["sara"])
	if _, err := io.ReadAll(got.Body); err == nil || got.StatusCode != http.StatusOK {
		t.Errorf("half a recording: %d, %v", got.StatusCode, err)
	}
	if got := get(t, url, s.tokens["sara"]); got.Header.Get("Content-Type") != "application/octet-stream" || !strings.HasSuffix(got.Header.Get("Content-Disposition"), `-1"`) {
		t.Errorf("a program: %v", got.Header)
	}
	// A download that nobody reads holds up neither the next nor the hub's end.
	begun := time.Now()
	s.Stop(t)
	if took := time.Since(begun); took > 10*time.Second {
		t.Errorf("the hub took %v to end", took)
	}
}

// TestTooManyDownloads: only so many are passed on at once.
func TestTooManyDownloads(t *testing.T) {
	s := mustStudio(t, vidaootest.Options{})
	_, _, url := s.recorded()
	s.client.gate, s.client.opening = make(chan struct{}), make(chan struct{})
	s.fake.SetFaults(vidaootest.Fault{Kind: vidaootest.Broken, On: "recording-download"})
	var waiting sync.WaitGroup
	for range 8 {
		waiting.Go(func() {
			if status, answer := hubtest.Do(t, "GET", url, s.tokens["sara"], "", ""); status != http.StatusServiceUnavailable {
				t.Errorf("a Vidaoo that breaks in the end: %d %s", status, answer)
			}
		})
	}
	for range 8 { // however slow the machine is, none of them ends before the ninth has asked
		<-s.client.opening
	}
	if status, answer := hubtest.Do(t, "GET", url, s.tokens["sara"], "", ""); status != http.StatusTooManyRequests || problem(t, answer).Code != call.TooMany {
		t.Errorf("the ninth: %d %s", status, answer)
	}
	close(s.client.gate)
	waiting.Wait()
	s.fake.SetFaults()
	s.client.opening = nil
	if got := get(t, url, s.tokens["sara"]); got.StatusCode != http.StatusOK {
		t.Errorf("afterwards: %d", got.StatusCode)
	}
}
