package demo_test

import (
	"context"
	"io"
	"net"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"
	"time"

	"go.uber.org/goleak"

	"github.com/deskbell/deskbell/internal/demo"
	"github.com/deskbell/deskbell/internal/vidaoo"
)

func TestMain(m *testing.M) { goleak.VerifyTestMain(m) }

func listen(t *testing.T) net.Listener {
	t.Helper()
	l, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	return l
}

// TestDemo: the website names the hub's button, and a meeting that the hub makes
// is told to its Receive URL.
func TestDemo(t *testing.T) {
	webhooks := make(chan string, 1)
	receiver := httptest.NewServer(http.HandlerFunc(func(w http.ResponseWriter, r *http.Request) {
		body, _ := io.ReadAll(r.Body)
		webhooks <- string(body)
	}))
	defer receiver.Close()
	ctx, cancel := context.WithCancel(t.Context())
	site := listen(t)
	d, err := demo.New(listen(t))
	if err != nil {
		t.Fatal(err)
	}
	defer d.Close()
	ended := make(chan error, 1)
	go func() {
		ended <- d.Run(ctx, demo.Options{Site: site, Hub: "http://127.0.0.1:8480", Queue: "web", ReceiveURL: receiver.URL})
	}()
	client := &http.Client{Transport: &http.Transport{DisableKeepAlives: true}}
	answer, err := client.Get("http://" + site.Addr().String() + "/")
	if err != nil {
		t.Fatal(err)
	}
	page, err := io.ReadAll(answer.Body)
	answer.Body.Close()
	for _, want := range []string{`src="http://127.0.0.1:8480/button.js"`, `<deskbell-button queue="web"`} {
		if err != nil || !strings.Contains(string(page), want) {
			t.Errorf("the website has no %s: %v %s", want, err, page)
		}
	}
	if _, err := d.Client().CreateMeeting(ctx, vidaoo.NewMeeting{Topic: "MY_WEBSITE", Metadata: map[string]any{"name": "Maria"}}); err != nil {
		t.Error(err)
	}
	select {
	case body := <-webhooks:
		for _, want := range []string{`"topic": "MY_WEBSITE"`, `"name": "Maria"`, "/session/"} {
			if !strings.Contains(body, want) {
				t.Errorf("the webhook has no %s: %s", want, body)
			}
		}
	case <-time.After(20 * time.Second):
		t.Error("no webhook came")
	}
	cancel()
	if err := <-ended; err != nil {
		t.Error(err)
	}
}
