package vidaoo

import (
	"bufio"
	"fmt"
	"maps"
	"net/textproto"
	"slices"
	"strconv"
	"strings"
	"time"

	"github.com/deskbell/deskbell/internal/clean"
	"github.com/deskbell/deskbell/internal/link"
)

// Setting is something in which one Vidaoo may differ from another, or that the vendor has not
// published. Its value is a text; "deskbell-hub vidaoo --set NAME=VALUE" gives another one.
type Setting struct {
	Name    string
	Default string
	Mark    Mark   // how well the default is known
	Tells   string // what it is, a few words
	// Operation is how well it is known that Vidaoo has the operation at all; "" for what is no endpoint.
	Operation Mark

	check func(string) error
}

// The settings that are no endpoints.
const (
	SettingBaseURL          = "base-url"
	SettingCAFile           = "ca-file"
	SettingTimeout          = "timeout"
	SettingAttempts         = "attempts"
	SettingAuth             = "auth"
	SettingKeyHeader        = "key-header"
	SettingLoginKeyHeader   = "login-key-header"
	SettingEmail            = "email"
	SettingAccessToken      = "access-token"
	SettingMeetingID        = "meeting-id"
	SettingMeetingSession   = "meeting-session"
	SettingMeetingLink      = "meeting-link"
	SettingAutomationID     = "automation-id"
	SettingAutomationName   = "automation-name"
	SettingAutomationURL    = "automation-url"
	SettingAutomationBody   = "automation-body"
	SettingAutomationMethod = "automation-method"
	SettingAutomationOn     = "automation-trigger"
	SettingAutomationDo     = "automation-action"
	SettingTrigger          = "trigger"
	SettingAction           = "action"
	SettingRecordingID      = "recording-id"
	SettingRecordingSession = "recording-session"
	SettingList             = "list"
	SettingMessage          = "message"
)

// The values of the setting auth.
const (
	AuthKey   = "key"   // the key in a header
	AuthLogin = "login" // e-mail address and password for an access token, which goes beside the key
)

// AllSettings lists the settings in the order in which the guide has them.
func AllSettings() []Setting { return slices.Clone(settings) }

var settings = []Setting{
	{Name: SettingBaseURL, Default: "https://api-vidaoo.xcally.com/api/v1", Mark: Confirmed, Tells: "where the API is", check: link.Check},
	{Name: SettingCAFile, Mark: Ours, Tells: "certificates of authorities to trust beside the system's, a PEM file", check: checkWord},
	{Name: SettingTimeout, Default: "10s", Mark: Ours, Tells: "how long one request may take", check: checkTimeout},
	{Name: SettingAttempts, Default: "3", Mark: Ours, Tells: "how often a request is sent at most, if it is safe to repeat", check: checkAttempts},
	{Name: SettingAuth, Default: AuthKey, Mark: Confirmed, Tells: "`key`, or `login` (older hosts)", check: checkAuth},
	{Name: SettingKeyHeader, Default: "X-APIKEY", Mark: Confirmed, Tells: "the header with the API key", check: checkHeader},
	{Name: SettingLoginKeyHeader, Default: "x-api-key", Mark: Confirmed, Tells: "the same beside an access token", check: checkHeader},
	{Name: SettingEmail, Mark: Ours, Tells: "who signs in with `auth=login`", check: checkWord},

	{Name: string(Login), Default: "POST /accounts/login form", Operation: Confirmed, Mark: Confirmed, Tells: "sign in, older hosts"},
	{Name: string(Verify), Default: "GET /accounts/verify", Operation: Confirmed, Mark: Guessed, Tells: "verify the key"},
	{Name: string(MeetingCreate), Default: "POST /meetings form", Operation: Confirmed, Mark: Likely, Tells: "create a meeting"},
	{Name: string(MeetingGet), Default: "GET /meetings/{id}", Operation: Confirmed, Mark: Likely, Tells: "retrieve a meeting"},
	{Name: string(MeetingList), Default: "GET /meetings", Operation: Guessed, Mark: Guessed, Tells: "list meetings"},
	{Name: string(MeetingDelete), Default: "DELETE /meetings/{id}", Operation: Confirmed, Mark: Likely, Tells: "delete a meeting"},
	{Name: string(AutomationCreate), Default: "POST /automations form", Operation: Guessed, Mark: Guessed, Tells: "create an automation"},
	{Name: string(AutomationGet), Default: "GET /automations/{id}", Operation: Guessed, Mark: Guessed, Tells: "retrieve an automation"},
	{Name: string(AutomationList), Default: "GET /automations", Operation: Guessed, Mark: Guessed, Tells: "list automations"},
	{Name: string(AutomationUpdate), Default: "PUT /automations/{id} form", Operation: Confirmed, Mark: Likely, Tells: "update an automation"},
	{Name: string(RecordingStart), Default: "POST /recordings json", Operation: Confirmed, Mark: Confirmed, Tells: "start a recording"},
	{Name: string(RecordingStop), Default: "POST /recordings/{id}/stop", Operation: Confirmed, Mark: Confirmed, Tells: "stop a recording"},
	{Name: string(RecordingList), Default: "GET /recordings", Operation: Guessed, Mark: Guessed, Tells: "list recordings"},
	{Name: string(RecordingDownload), Default: "GET /recordings/{id}/download", Operation: Confirmed, Mark: Guessed, Tells: "download a recording"},

	{Name: SettingAccessToken, Default: "access_token", Mark: Confirmed, Tells: "the access token in the reply to `login`", check: checkPaths},
	{Name: SettingMeetingID, Default: "id,_id,session_id,sessionId,meetingId,meeting_id,data.id,meeting.id", Mark: Guessed, Tells: "a meeting's id in replies", check: checkPaths},
	{Name: SettingMeetingSession, Default: "session_id,sessionId,id,_id,data.session_id,data.id", Mark: Likely, Tells: "its session id, which recordings are asked for by", check: checkPaths},
	{Name: SettingMeetingLink, Default: "link,url,meetingUrl,meeting_url,sessionLink,join_url,data.link,data.url", Mark: Guessed, Tells: "its session link", check: checkPaths},
	{Name: SettingAutomationID, Default: "id,_id,data.id", Mark: Guessed, Tells: "an automation's id in replies", check: checkPaths},
	{Name: SettingAutomationName, Default: "name", Mark: Guessed, Tells: "its name, in requests and replies", check: checkWord},
	{Name: SettingAutomationOn, Default: "trigger", Mark: Guessed, Tells: "its trigger", check: checkWord},
	{Name: SettingAutomationDo, Default: "action", Mark: Guessed, Tells: "its action", check: checkWord},
	{Name: SettingAutomationMethod, Default: "method", Mark: Guessed, Tells: "the method of its webhook", check: checkWord},
	{Name: SettingAutomationURL, Default: "url", Mark: Guessed, Tells: "the address of its webhook", check: checkWord},
	{Name: SettingAutomationBody, Default: "body", Mark: Guessed, Tells: "the body of its webhook", check: checkWord},
	{Name: SettingTrigger, Default: "Meeting Created", Mark: Confirmed, Tells: "what the trigger is called", check: checkWord},
	{Name: SettingAction, Default: "Webhook", Mark: Confirmed, Tells: "what the action is called", check: checkWord},
	{Name: SettingRecordingID, Default: "id", Mark: Confirmed, Tells: "a recording's id in replies", check: checkPaths},
	{Name: SettingRecordingSession, Default: "session_id,sessionId", Mark: Likely, Tells: "the session of a recording in replies", check: checkPaths},
	{Name: SettingList, Default: "data,items,rows,results,meetings,automations,recordings", Mark: Guessed, Tells: "the list in a reply that is no list itself", check: checkPaths},
	{Name: SettingMessage, Default: "message,error.message,error,errors.0.message", Mark: Guessed, Tells: "what an error's reply says", check: checkPaths},
}

// Settings are values by their names; those that are not there have their defaults.
type Settings map[string]string

// maxSetting is the longest value, in bytes.
const maxSetting = 2048

// Of is a setting's value.
func (s Settings) Of(name string) string {
	if value, ok := s[name]; ok {
		return value
	}
	if d := setting(name); d != nil {
		return d.Default
	}
	return ""
}

func setting(name string) *Setting {
	if i := slices.IndexFunc(settings, func(s Setting) bool { return s.Name == name }); i >= 0 {
		return &settings[i]
	}
	return nil
}

// Set gives a setting a value: "meeting-id=data.key". An empty value is the default again. The error is
// a sentence.
func (s Settings) Set(pair string) error {
	name, value, ok := strings.Cut(pair, "=")
	name, value = strings.TrimSpace(name), strings.TrimSpace(value)
	d := setting(name)
	switch {
	case !ok:
		return fmt.Errorf("%q is no setting: write NAME=VALUE, such as meeting-id=data.id", clean.Text(pair, 80))
	case d == nil:
		return fmt.Errorf("there is no setting %q of Vidaoo: use one of %s", clean.Text(name, 80), strings.Join(settingNames(), ", "))
	case value == "":
		delete(s, name)
		return nil
	}
	if err := d.valid(value); err != nil {
		return fmt.Errorf("the setting %s can't be %q: %w", name, clean.Text(value, 200), err)
	}
	s[name] = value
	return nil
}

func (d *Setting) valid(value string) error {
	switch {
	case len(value) > maxSetting || value != clean.Text(value, maxSetting):
		return fmt.Errorf("it is longer than %d bytes, or has characters that can't be seen", maxSetting)
	case d.check != nil:
		return d.check(value)
	}
	_, err := parseEndpoint(value, strings.Contains(d.Default, idMark))
	return err
}

func settingNames() []string {
	var all []string
	for _, d := range settings {
		all = append(all, d.Name)
	}
	return all
}

// ParseSettings reads a file of settings: a line "name = value" for each; a line that begins with #
// is a comment. The error is a sentence with the line's number.
func ParseSettings(text string) (Settings, error) {
	s := Settings{}
	lines := bufio.NewScanner(strings.NewReader(text))
	for n := 1; lines.Scan(); n++ {
		line := strings.TrimSpace(strings.TrimPrefix(lines.Text(), "\ufeff"))
		if line == "" || strings.HasPrefix(line, "#") {
			continue
		}
		if err := s.Set(line); err != nil {
			return nil, fmt.Errorf("line %d: %w", n, err)
		}
	}
	if err := lines.Err(); err != nil {
		return nil, fmt.Errorf("a line is longer than 64 KiB: it is no file of settings")
	}
	return s, nil
}

// String writes settings as [ParseSettings] reads them.
func (s Settings) String() string {
	var b strings.Builder
	for _, name := range slices.Sorted(maps.Keys(s)) {
		fmt.Fprintf(&b, "%s = %s\n", name, s[name])
	}
	return b.String()
}

// check refuses values that were not set with Set.
func (s Settings) check() error {
	for _, name := range slices.Sorted(maps.Keys(s)) {
		if err := (Settings{}).Set(name + "=" + s[name]); err != nil {
			return err
		}
	}
	return nil
}

func checkWord(string) error { return nil } // Set has looked at its characters

func checkPaths(value string) error {
	paths := strings.Split(value, ",")
	if len(paths) > maxPaths {
		return fmt.Errorf("it has more than %d paths: leave some out", maxPaths)
	}
	for _, path := range paths {
		if err := checkPath(strings.TrimSpace(path)); err != nil {
			return fmt.Errorf("%w; write several paths with commas between them", err)
		}
	}
	return nil
}

func checkHeader(value string) error {
	if value != textproto.TrimString(value) || strings.ContainsFunc(value, func(r rune) bool {
		return !(r >= 'a' && r <= 'z' || r >= 'A' && r <= 'Z' || r >= '0' && r <= '9' || r == '-' || r == '_')
	}) {
		return fmt.Errorf("a header's name has letters, digits, - and _ only")
	}
	return nil
}

func checkAuth(value string) error {
	if value != AuthKey && value != AuthLogin {
		return fmt.Errorf("write %s or %s", AuthKey, AuthLogin)
	}
	return nil
}

func checkTimeout(value string) error {
	if d, err := time.ParseDuration(value); err != nil || d < 10*time.Millisecond || d > 10*time.Minute {
		return fmt.Errorf("write a time between 10ms and 10m, such as 20s")
	}
	return nil
}

func checkAttempts(value string) error {
	if n, err := strconv.Atoi(value); err != nil || n < 1 || n > 10 {
		return fmt.Errorf("write a number from 1 to 10")
	}
	return nil
}

func (s Settings) paths(name string) []string {
	paths := strings.Split(s.Of(name), ",")
	for i := range paths {
		paths[i] = strings.TrimSpace(paths[i])
	}
	return paths
}

// endpoint is how an operation is asked for.
func (s Settings) endpoint(op Operation) endpoint {
	e, _ := parseEndpoint(s.Of(string(op)), strings.Contains(setting(string(op)).Default, idMark)) // Set has checked it
	return e
}
