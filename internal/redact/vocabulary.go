package redact

import "strings"

// set makes a lookup table of words.
func set(text string) map[string]bool {
	m := map[string]bool{}
	for _, w := range strings.Fields(text) {
		m[w] = true
	}
	return m
}

// The words by which names are judged. They are data and never change.
var (
	// strongWords name a secret by themselves.
	strongWords = set(`password passwords passwd passphrase passphrases passcode pwd passwort
		apikey apikeys privatekey secretkey accesskey clientsecret dsn authorization
		dockerconfigjson dockercfg pgpass htpasswd`)
	// gluedSuffixes end a word that was written without a separator.
	gluedSuffixes = []string{"password", "passwd", "passphrase", "secret", "apikey", "privatekey", "secretkey", "accesskey", "passwordhash"}
	// keyOf are the words before "key" that make it a secret one.
	keyOf = set(`api private access signing signature encryption encrypt decryption
		master account shared ssh hmac auth authentication cipher aes crypto license session
		rsa cookie jwt storage app service webhook write ingest ingestion integration deploy`)
	// namingBefore are the words before "secret" that say that a Secret is
	// named here.
	namingBefore = set(`existing pull tls cert certificate certs from use ca image external sealed
		create my`)
	// harmless words end names that tell of a secret, and hold none.
	harmless = set(`name names ref refs reference references from path paths file files filename dir
		directory folder url uri urls uris endpoint endpoints host hosts hostname port domain server
		type types kind kinds length len size sizes count counts number num ttl expiry expiration
		expires expire expired seconds minutes hours days duration durations timeout timeouts interval
		period lifetime age enabled disabled enable disable required optional allowed policy policies
		rotation rotate version versions provider providers store stores backend backends manager
		method methods mode modes format algorithm algorithms alg issuer audience audiences scope scopes
		realm header headers prefix suffix template templates namespace namespaces role roles arn id ids
		generator generators review reviews class classes selector annotations labels label
		description mount mounts volume volumes limit limits max min index usage rules rule replicas
		group groups user users username email region zone checksum sha fingerprint thumbprint status
		engine driver plugin service strategy cache cookie param params parameter field fields
		requests request response rate schema property attribute attributes complexity history
		iterations rounds strength hint reset change verification authentication
		login logout flow grant grants error errors message exempt bytes bits chars
		operator controller reflector replicator webhook reloader env`)
	// modifiers may follow a secret word and leave it one.
	modifiers = set(`old new primary secondary base hash value values data text plain string b64
		base64 encoded current previous next prod production staging stg stage dev development test
		testing qa uat integration sandbox key keys salt pem digits live default admin root main
		api app seed jwt json pair raw bytes secret token password dev local readonly rw ro
		read write master replica one two a b`)
	// modes are values that say how, not what.
	modes = set(`none basic digest oauth oauth2 oidc ldap saml saml2 jwt token password passwd
		secret key kerberos ntlm mtls tls ssl x509 iam irsa sasl scram plain plaintext gssapi md5 trust
		peer cert certificate certificates anonymous disabled enabled optional required require
		internal external local default auto manual string str int integer boolean bool array object
		header cookie query body bearer apikey proxy vault kubernetes file env aws gcp azure github
		google`)
	// noValues are texts that are no secret under any name.
	noValues = set(`true false yes no on off null nil none undefined ~ 0 1`)
	// carriers are the last segments under which the name stands before:
	// env[name=X]/value.
	carriers = set(`value values val default plaintext plain text content stringvalue string_value
		defaultvalue default_value data raw`)
	// secretMaps hold secrets by any name.
	secretMaps = set(`secrets credentials passwords tokens stringdata secretdata secretenv secretenvs
		secretenvvars secretvariables secretvalues secretvars apikeys`)
)
