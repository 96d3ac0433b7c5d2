package credential_test

import (
	"sync"
	"testing"

	"github.com/godbus/dbus/v5"
)

// The paths of the fake's only session, collection, item and prompt.
const (
	servicePath    = dbus.ObjectPath("/org/freedesktop/secrets")
	loginPath      = servicePath + "/collection/login"
	itemPath       = loginPath + "/1"
	sessionPath    = servicePath + "/session/s1"
	promptPath     = servicePath + "/prompt/p1"
	noPath         = dbus.ObjectPath("/")
	promptComplete = "org.freedesktop.Secret.Prompt.Completed"
)

// secret is a Secret Service secret.
type secret struct {
	Session     dbus.ObjectPath
	Parameters  []byte
	Value       []byte
	ContentType string
}

// fakeService is a Secret Service with one collection and at most one item,
// whose faults a test sets before the first call.
type fakeService struct {
	conn *dbus.Conn

	onPrompt   func(f *fakeService) // what the person does; nil: the collection is not locked
	onCreate   func(f *fakeService, value string) *dbus.Error
	onGet      func(f *fakeService) *dbus.Error
	askOnWrite bool // CreateItem asks, too

	prompted  chan struct{} // one value per prompt
	dismissed chan struct{} // one value per prompt that was withdrawn

	mu       sync.Mutex
	exists   bool // the collection
	unlocked bool // by the answer to a prompt
	item     *secret
}

// newFakeService takes the name org.freedesktop.secrets on the test's bus, as
// soon as a fake before it has ended.
func newFakeService(t *testing.T, f *fakeService) *fakeService {
	t.Helper()
	conn, err := dbus.ConnectSessionBus()
	if err != nil {
		t.Fatal(err)
	}
	t.Cleanup(func() { conn.Close() })
	f.conn = conn
	f.prompted, f.dismissed = make(chan struct{}, 10), make(chan struct{}, 10)

	for _, object := range []struct {
		path    dbus.ObjectPath
		iface   string
		methods map[string]any
	}{
		{servicePath, "org.freedesktop.DBus.Properties", map[string]any{"Get": f.collections}},
		{servicePath, "org.freedesktop.Secret.Service", map[string]any{
			"OpenSession": f.openSession, "ReadAlias": f.readAlias, "Unlock": f.unlock, "CreateCollection": f.createCollection}},
		{sessionPath, "org.freedesktop.Secret.Session", map[string]any{"Close": func() *dbus.Error { return nil }}},
		{loginPath, "org.freedesktop.Secret.Collection", map[string]any{
			"SearchItems": f.searchItems, "CreateItem": f.createItem}},
		{itemPath, "org.freedesktop.Secret.Item", map[string]any{"GetSecret": f.getSecret, "Delete": f.deleteItem}},
		{promptPath, "org.freedesktop.Secret.Prompt", map[string]any{"Prompt": f.prompt, "Dismiss": f.dismiss}},
	} {
		if err := conn.ExportMethodTable(object.methods, object.path, object.iface); err != nil {
			t.Fatal(err)
		}
	}
	if _, err := conn.RequestName("org.freedesktop.secrets", 0); err != nil {
		t.Fatal(err)
	}
	return f
}

// complete is the answer of the person: dismissed or not.
func (f *fakeService) complete(dismissed bool) {
	f.mu.Lock()
	f.unlocked = !dismissed
	f.mu.Unlock()
	f.conn.Emit(promptPath, promptComplete, dismissed, dbus.MakeVariant([]dbus.ObjectPath{loginPath}))
}

func (f *fakeService) collections(_, property string) (dbus.Variant, *dbus.Error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	all := []dbus.ObjectPath{servicePath + "/collection/session"}
	if f.exists {
		all = append(all, loginPath)
	}
	return dbus.MakeVariant(all), nil
}

func (f *fakeService) readAlias(string) (dbus.ObjectPath, *dbus.Error) { return noPath, nil }

func (f *fakeService) openSession(string, dbus.Variant) (dbus.Variant, dbus.ObjectPath, *dbus.Error) {
	return dbus.MakeVariant(""), sessionPath, nil
}

func (f *fakeService) unlock(objects []dbus.ObjectPath) ([]dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.onPrompt != nil && !f.unlocked {
		return nil, promptPath, nil
	}
	return objects, noPath, nil
}

func (f *fakeService) createCollection(map[string]dbus.Variant, string) (dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.exists = true
	return noPath, promptPath, nil
}

func (f *fakeService) searchItems(map[string]string) ([]dbus.ObjectPath, *dbus.Error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	if f.item == nil {
		return nil, nil
	}
	return []dbus.ObjectPath{itemPath}, nil
}

func (f *fakeService) createItem(_ map[string]dbus.Variant, item secret, _ bool) (dbus.ObjectPath, dbus.ObjectPath, *dbus.Error) {
	if f.onCreate != nil {
		if err := f.onCreate(f, string(item.Value)); err != nil {
			return noPath, noPath, err
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	f.item = &item
	if f.askOnWrite {
		return noPath, promptPath, nil
	}
	return itemPath, noPath, nil
}

func (f *fakeService) getSecret(dbus.ObjectPath) (secret, *dbus.Error) {
	if f.onGet != nil {
		if err := f.onGet(f); err != nil {
			return secret{}, err
		}
	}
	f.mu.Lock()
	defer f.mu.Unlock()
	return *f.item, nil
}

func (f *fakeService) deleteItem() (dbus.ObjectPath, *dbus.Error) {
	f.mu.Lock()
	defer f.mu.Unlock()
	f.item = nil
	return noPath, nil
}

func (f *fakeService) prompt(string) *dbus.Error {
	f.prompted <- struct{}{}
	if f.onPrompt != nil {
		f.onPrompt(f)
	}
	return nil
}

func (f *fakeService) dismiss() *dbus.Error {
	f.dismissed <- struct{}{}
	return nil
}
