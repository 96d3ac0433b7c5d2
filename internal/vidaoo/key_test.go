package vidaoo_test

import (
	"encoding/json"
	"fmt"
	"log/slog"
	"strings"
	"testing"

	"github.com/deskbell/deskbell/internal/vidaoo"
)

// TestKeyIsHidden: however it is printed, and whatever a server makes of it.
func TestKeyIsHidden(t *testing.T) {
	const secret = `s3cr<t"&\key`
	config := vidaoo.Config{Key: secret}
	encoded, err := json.Marshal(config)
	if err != nil {
		t.Fatal(err)
	}
	var log strings.Builder
	slog.New(slog.NewTextHandler(&log, nil)).Info("m", "key", config.Key, "config", config)
	for _, text := range []string{string(encoded), log.String(), fmt.Sprintf("%v %+v %#v %s %q", config, config, config, config.Key, config.Key)} {
		if strings.Contains(text, "s3cr") {
			t.Errorf("%s holds the key", text)
		}
	}
	for _, escape := range []bool{true, false} {
		var echo strings.Builder
		e := json.NewEncoder(&echo)
		e.SetEscapeHTML(escape)
		_ = e.Encode(map[string]any{"id": secret, "message": "you sent " + secret})
		for _, status := range []int{200, 400} {
			m, err := newClient(t, vidaoo.Config{Key: secret, Transport: answering(status, echo.String())}).Meeting(t.Context(), "m1")
			if text := fmt.Sprintf("%+v %s %v", m, m.Raw, err); strings.Contains(text, "s3cr") {
				t.Errorf("%s holds the key", text)
			}
		}
	}
	// A refused automation does not tell its address either.
	client := newClient(t, vidaoo.Config{Transport: answering(422, `{"message":"bad https://hub.example/receive/web/SECRET"}`)})
	if _, err := client.UpdateAutomation(t.Context(), "1", vidaoo.Automation{URL: "https://hub.example/receive/web/SECRET"}); err == nil || strings.Contains(err.Error(), "SECRET") {
		t.Errorf("the error is %v", err)
	}
}
