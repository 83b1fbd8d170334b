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

// wordShapes holds by their first letter how long the words of a set are. It
// turns most names down without a look into the set.
type wordShapes [256]uint64

func shapesOf(sets ...map[string]bool) (t wordShapes) {
	for _, words := range sets {
		for w := range words {
			t[w[0]] |= 1 << len(w)
		}
	}
	return t
}

// may reports whether the name could be in the set in small letters. A letter
// outside of ASCII may have a small one inside.
func (t *wordShapes) may(name string) bool {
	if name == "" {
		return false
	}
	return len(name) < 64 && t[lowerByte(name[0])]&(1<<len(name)) != 0 || !ascii(name)
}

func ascii(s string) bool {
	for i := range len(s) {
		if s[i] >= 0x80 {
			return false
		}
	}
	return true
}

// strengths makes a lookup table of words and their strength.
func strengths(lists map[strength]string) map[string]strength {
	m := map[string]strength{}
	for s, list := range lists {
		for _, w := range strings.Fields(list) {
			m[w] = s
		}
	}
	return m
}

// pairs makes a lookup table of texts between commas.
func pairs(text string) map[string]bool {
	m := map[string]bool{}
	for p := range strings.SplitSeq(text, ",") {
		m[strings.Join(strings.Fields(p), " ")] = true
	}
	return m
}

// The words by which names are judged. They are data and never change.
var (
	// wordStrengths are the words that name a secret by themselves, in several
	// languages.
	wordStrengths = strengths(map[strength]string{
		strong: `password passwords passwd passphrase passphrases passcode pwd pw passwort passwörter passe mdp motdepasse
			kennwort kennwörter contraseña contrasena contrasenya clave senha wachtwoord haslo hasło parola lozinka heslo
			salasana lösenord losenord adgangskode passord kodeord jelszo jelszó slaptažodis slaptazodis şifre sifre parole
			пароль 密码 密碼 パスワード 비밀번호 geheimnis zugangsdaten
			apikey apikeys privatekey secretkey accesskey clientsecret authorization psk presharedkey passkey
			dockerconfigjson dockercfg pgpass htpasswd mnemonic sharedkey authkey signingkey encryptionkey masterkey requirepass masterauth primaryauth setcookie`,
		linked: `dsn connstr connectionstring`,
		weak:   `auth pass salt token signing pepper bearer pat pats otp totp hec`,
		named:  `credential credentials creds cred`,
		hinted: `cookie cookies seed community signature sessionid`,
		keyed:  `pin`,
	})
	// pairWords are two words that name a secret together.
	pairWords = pairs(`seed phrase, recovery phrase, backup phrase, secret phrase, pass phrase, pass word, pass wort, pass code, pass wd,
		mot passe, de passe, otp seed, totp seed, master seed, wallet seed, snmp community, ro community, rw community, trap community,
		erlang cookie, rabbitmq cookie, session cookie, auth cookie, connection string, connection strings, conn str, conn string,
		pre shared, recovery code, recovery codes, backup codes, webhook signature, access token, refresh token`)
	// markTokens are the words before "token" that name a mark in a text.
	markTokens = set(`pad eos bos unk mask cls sep stop special end start begin image audio delimiter`)
	// gluedOpen are words that end like secret ones by chance.
	gluedOpen = set(`hotkey turkey monkey donkey jockey`)
	// openKeys are the words before "key" that name a key of data.
	openKeys = set(`partition sort primary foreign routing cache object group hash range index lookup search label annotation
		topology map dict i18n config project issue public pub registry feature flag flags metric event message record row column field
		translation title name join order shard dedup deduplication idempotency natural unique composite surrogate candidate hot
		short next previous tag param parameter query filter attribute property context resource s3 kms state lock answer jump
		any map the by for of in to distribution bucket blob file path item entry node tenant user customer product node affinity
		selector taint toleration secret-ref env variable var template job queue topic leader election bucket list set parent child
		host known sql zset redis metadata header claim locale language currency country region version schema table model entity
		external correlation trace span session-name left right arrow enter escape up down home function`)
	// gluedSuffixes end a word that was written without a separator.
	gluedSuffixes = []string{"password", "passwd", "passphrase", "secret", "apikey", "privatekey", "secretkey", "accesskey", "passwordhash"}
	// keyOf are the words before "key" that make it a secret one.
	keyOf = set(`api private access signing signature encryption encrypt decryption
		master shared ssh hmac auth authentication cipher aes crypto license
		rsa jwt preshared unseal fernet tls ssl cert client server admin root bot sentry write ingest ingestion
		apikey des sas symmetric`)
	// namingBefore are the words before "secret" that say that a Secret is
	// named here.
	namingBefore = set(`existing pull tls cert certificate certs from use ca image external sealed
		create credentials credential creds password token keys`)
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
		operator controller reflector replicator webhook reloader env
		hasher hashers encoder encoders encoding model models source sources validator validators dictionary
		helper util utils db database bucket table column topic queue key_id kid pattern regex
		location icon text placeholder title tooltip color page view form input expired renewal grace
		minimum maximum default_ttl leeway skew size_bytes domain domains samesite secure httponly
		environment external prompt level log meter identity project entropy blacklist denylist allowlist whitelist lookup exists present configured needed
		count_tokens budget per mapping mappings window bucket buckets cost price usage_limit`)
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
		google argon argon2 argon2i argon2id argon2d bcrypt scrypt pbkdf2 crypt sha1 sha256 sha384 sha512 sha-256 sha-512
		hmac aes aes128 aes256 rsa rsa2048 rsa4096 ed25519 ecdsa hs256 hs384 hs512 rs256 rs384 rs512 es256 es384 es512
		eddsa ps256 aes-256-gcm aes-128-gcm aes-256-cbc aes-128-cbc chacha20-poly1305 pbkdf2-sha256 pbkdf2-sha512
		hmac-sha256 hmac-sha512 scram-sha-256 scram-sha-512 scram-sha-1 two-factor totp sms email magic-link
		enforced strict lax redis memory database cookie-store session stateless opaque sops zxcvbn sealed-secrets external-secrets`)
	// noValues are texts that are no secret under any name.
	noValues = set(`true false yes no on off null nil none undefined ~ 0 1`)
	// carriers are the last segments under which the name stands before:
	// env[name=X]/value.
	carriers = set(`value values val v parametervalue parameter_value option_value optionvalue envvalue env_value
		varvalue var_value configvalue config_value settingvalue default plaintext plain text content stringvalue string_value
		defaultvalue default_value data raw`)
	// secretMaps hold secrets by any name.
	secretMaps = set(`secrets credentials passwords tokens stringdata secretdata secretenv secretenvs
		secretenvvars secretvariables secretvalues secretvars apikeys`)
	// fieldShapes are those of nameFields, of carriers, and of the names of
	// cookies; nameFieldShapes and secretMapShapes are those of nameFields and
	// of secretMaps.
	fieldShapes     = shapesOf(nameFields, carriers, set(`cookie set-cookie`))
	nameFieldShapes = shapesOf(nameFields)
	secretMapShapes = shapesOf(secretMaps)
	// digestWords end names of digests and of revisions.
	digestWords = set(`sha hash digest checksum sum commit revision rev etag version fingerprint
		thumbprint integrity md crc build tag image ref hashes digests checksums`)
	// publicWords end names of what is public.
	publicWords = set(`certificate certificates cert certs crt ca cabundle bundle public pub pubkey modulus
		csr nonce spki jwks thumbprint`)
	// topDomains end names of hosts.
	topDomains = set(`com net org io internal local dev cloud svc co uk de eu us app ai info gov edu fr
		test example invalid localhost in jp cn au ca nl arpa`)
	// objectWords say in the name of an object that it holds a secret.
	objectWords = set(`secret secrets credentials creds cert certs certificate tls ca keys auth config account sa env
		creds postgres mysql redis pull registry key ssh`)
	// ownWords are words of people's passwords rather than of names of objects.
	ownWords = set(`my super very top the is this our your change changeme please do not tell secure hidden`)
	// nameFields hold the name of what stands beside them.
	nameFields = set(`name key variable var parametername parameterkey parameter_key option_name optionname setting
		envname env_name label title property field varname var_name k param parameter option configkey config_key`)
	// queryWords are names of parameters of URLs that may hold a credential.
	queryWords = set(`key code jwt hmac sid session sessionid session_id subscription-key subscription_key api-key apikey auth ticket assertion
		id_token access_token token pwd pw pass secret hash_token otp signature_token sas st k auth_token authtoken credential invite
		x-functions-key functionkey`)
	// passWords end in "pass" and have nothing to do with passwords.
	passWords = set(`bypass compass surpass encompass trespass underpass overpass multipass onepass singlepass lowpass highpass bandpass`)
)
