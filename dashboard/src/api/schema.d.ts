// Made by `npm run api` from the server's OpenAPI document; do not edit.
export interface paths {
    "/admin/{orgId}/access": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * What is stored of one person, as a zip.
         * @description For access requests (GDPR Art. 15). `README.txt` in the zip says what each file holds. Each request is noted in the audit log. A zip that was cut off cannot be opened.
         */
        get: operations["access"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/{orgId}/audit": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Who did what, newest first, in pages. */
        get: operations["list_audit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/{orgId}/audit/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The audit log as a file, newest first. */
        get: operations["export_audit"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/{orgId}/dead-letters": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Dead letters of the organization, newest first. Letters too damaged to show their organization appear only in `crow dlq`. */
        get: operations["list_dead_letters"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/{orgId}/dead-letters/{letterId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One dead letter with its content. */
        get: operations["get_dead_letter"];
        put?: never;
        post?: never;
        /** Removes a dead letter permanently. */
        delete: operations["drop_dead_letter"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/{orgId}/dead-letters/{letterId}/retry": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Moves a dead letter back to where it came from, to be processed again. */
        post: operations["retry_dead_letter"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/{orgId}/erasures": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Erasures of the organization, newest first, with their receipts. */
        get: operations["list_erasures"];
        put?: never;
        /**
         * Erases sessions for good.
         * @description When this responds, their keys and rows are gone: no request finds them, and sealed recordings can no longer be read. The rest is removed within minutes, also recordings that are not sealed; the receipts say when. What arrives later for an erased session is refused.
         */
        post: operations["erase"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/{orgId}/erasures/preview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What an erasure would erase. Changes nothing. */
        post: operations["preview_erasure"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/{orgId}/erasures/{erasureId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One erasure with its receipts. */
        get: operations["get_erasure"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/{orgId}/health": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The state of the installation and of the organization. Partitions, keepers and dead letters are those of the whole installation, and hold nothing of other organizations. */
        get: operations["health"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/{orgId}/invitations": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Invitations that can be used, oldest first. */
        get: operations["list_invitations"];
        put?: never;
        /**
         * Invites somebody. The link works once, within a week.
         * @description A second invitation of the same e-mail address replaces the first. 409: a user has the address. Only an owner invites an owner.
         */
        post: operations["invite"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/{orgId}/invitations/{invitationId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Withdraws an invitation. */
        delete: operations["withdraw_invitation"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/{orgId}/keys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The keys of an organization, oldest first. */
        get: operations["list_keys"];
        put?: never;
        /** Creates a key. The key is shown only in this response. */
        post: operations["create_key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/{orgId}/keys/{keyId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Revokes a key permanently, and ends its sign-ins and streams at once. */
        delete: operations["revoke_key"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/{orgId}/keys/{keyId}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Creates a key with the same rights as this one, which works for `overlapSeconds` more and is revoked at once without it. */
        post: operations["rotate_key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/{orgId}/replay-links": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The public links of an organization that have not expired, newest first. */
        get: operations["list_links"];
        put?: never;
        /**
         * Makes a public link to the recording of one session, or to a part of it.
         * @description The token is shown only in this response. A masked link leaves out texts and pictures. A part begins at the last full snapshot before it, so what happened since then is in the answer. 403: the setting `publicLinks` does not allow it. 409: the organization has 1,000 links. 422: the session is not over, or has no recording.
         */
        post: operations["make_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/{orgId}/replay-links/{linkId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Ends a public link at once. */
        delete: operations["revoke_link"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/{orgId}/settings": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the organization decided about its data. */
        get: operations["get_settings"];
        /**
         * Replaces the settings. Gateways follow at once, or within 30 s without the message bus.
         * @description Send the `version` that you read. If somebody else changed the settings since, the answer is 409 and nothing is changed.
         */
        put: operations["change_settings"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/{orgId}/usage": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What the organization used on each day in UTC: sessions, events, interactions, calls of language models and their tokens. At most 92 days. */
        get: operations["usage"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/{orgId}/users": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The users of the organization, oldest first. */
        get: operations["list_users"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/{orgId}/users/{userId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Changes the role of a user, or disables or enables one.
         * @description A new role has effect with the next request. Who is disabled is signed out at once, and streams end within seconds. Only an owner changes an owner or makes one. The last owner stays: 409.
         */
        put: operations["change_user"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/{orgId}/users/{userId}/password-link": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Makes a link that sets the password of a user, once, within 24 hours. */
        post: operations["make_password_link"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/admin/{orgId}/users/{userId}/sign-ins": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Signs a user out everywhere. */
        delete: operations["sign_user_out"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/alerts/{orgId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The alerts of an organization with their state, oldest first. */
        get: operations["list_alerts"];
        put?: never;
        /**
         * Adds an alert. It is evaluated each minute. 409: the organization has 50.
         * @description An alert about issues does not report issues that already exist.
         */
        post: operations["create_alert"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/alerts/{orgId}/{alertId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /**
         * Replaces all fields of an alert.
         * @description With another rule, or after it was disabled, its state is reset.
         */
        put: operations["change_alert"];
        post?: never;
        /** Removes an alert. Messages that it made are still sent. */
        delete: operations["remove_alert"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/analytics/{orgId}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Events by type and name, and by time. */
        get: operations["events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/analytics/{orgId}/funnel": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** How many sessions take the steps in order. */
        post: operations["funnel"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/analytics/{orgId}/heatmap": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where people click on a page, or how far they scroll. */
        get: operations["heatmap"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/analytics/{orgId}/journeys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The sequences of pages that visitors see. */
        get: operations["journeys"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/analytics/{orgId}/overview": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Sessions, visitors and page views, compared with the period before. */
        get: operations["overview"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/analytics/{orgId}/pages": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** All pages, most frequent first. Here `text` matches a part of the path. */
        get: operations["pages"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/analytics/{orgId}/retention": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many people return: cohorts by their first session in the range. */
        get: operations["retention"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/analytics/{orgId}/top": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The most frequent values of a dimension. */
        get: operations["top"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/analytics/{orgId}/vitals": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How fast pages load and respond. */
        get: operations["vitals"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/api-keys/verify": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * The rights of a key, for services whose `AUTH_SERVICE_URL` is this one.
         * @description The answer comes from the table, so a key that was revoked is not valid from then on. 422: keys are verified by another service.
         */
        post: operations["verify_key"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/interactions/create-interaction": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Queues an interaction that another service has seen, or a batch of described camera frames.
         * @description The answer comes when the message is durable. A repeat with the same `Idempotency-Key`, or without one with the same content, makes no second interaction. A batch is named by `sessionId`, `cameraId` and `batchIndex`.
         */
        post: operations["create_interaction"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/interactions/organization/{orgId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** What happened in finished sessions, in words, newest first, in pages. All given conditions must hold. */
        get: operations["list_interactions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/interactions/organization/{orgId}/analyze": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What the interactions of a range say together: summary, insights, anomalies and recommendations.
         * @description CROW counts every number, and rules word it. The range before, which is as long, is compared.
         */
        post: operations["analyze_interactions"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/interactions/organization/{orgId}/summary": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many interactions of each source there are. */
        get: operations["count_interactions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/products/organization/{orgId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The catalogue of an organization by name, in pages. All given conditions must hold. */
        get: operations["list_products"];
        put?: never;
        /** Adds a product. 409: another one has its id or SKU. */
        post: operations["create_product"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/products/organization/{orgId}/activity": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** How many interactions of a range are about each product. */
        get: operations["product_activity"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/products/organization/{orgId}/import": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Adds products of a file, and replaces those with the same id.
         * @description `text/csv` with a header line: `id`, `sku`, `name`, `category`, `price`, `currency`, `url`, `image`; or `application/ld+json` with products of schema.org. At most 8 MiB and 20,000 products. A wrong line does not stop the others; the answer names it.
         */
        post: operations["import_products"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/products/organization/{orgId}/import/site": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The newest import from a site: how far it is, and what was left out. */
        get: operations["get_site_import"];
        put?: never;
        /**
         * Asks for an import of the products of a site. 409: another one has not ended.
         * @description `url` is a page, a sitemap or an index of sitemaps, also compressed with gzip. CROW reads products of schema.org from the JSON-LD of the pages, and stores all of them at the end, in one transaction. Only public addresses are asked.
         */
        post: operations["start_site_import"];
        /** Ends an import from a site. Nothing of it is stored. 404: none is open. */
        delete: operations["cancel_site_import"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/api/v1/products/organization/{orgId}/{productId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One product. */
        get: operations["get_product"];
        /** Replaces all fields of a product. 409: another one has its SKU. */
        put: operations["replace_product"];
        post?: never;
        /** Removes a product. Interactions keep its id. */
        delete: operations["remove_product"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/assets/{orgId}/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Which pictures and fonts are stored for a moment of a recording. */
        post: operations["resolve_assets"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/assets/{orgId}/{hash}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The bytes of a picture or a font. */
        get: operations["get_asset"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/invitation": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** What a link is for. The token is in the body, so that no log has it. */
        post: operations["show_invitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/invitation/accept": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Uses a link: makes the account or sets the password, and signs in. */
        post: operations["accept_invitation"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/oidc/callback": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Where the provider sends the browser back to: with the cookie of a sign-in to the dashboard, or with `?signInProblem=` and the reason. */
        get: operations["return_from_provider"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/oidc/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Sends the browser to the OpenID Connect provider. 404 without one. */
        get: operations["start_with_provider"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/passkey": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Signs in with the device's answer to the challenge, for a week. The cookie is that of `sign_in`.
         * @description The answer is the same whether nobody has the passkey, the user is disabled or the signature is wrong. 409: the challenge was answered or has expired.
         */
        post: operations["sign_in_by_passkey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/passkey/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Begins a sign-in with a passkey: a challenge for `navigator.credentials.get`, for five minutes. 404: passkeys are off. */
        post: operations["start_passkey_sign_in"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/passkeys": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One's passkeys, oldest first. */
        get: operations["list_passkeys"];
        put?: never;
        /**
         * Adds a passkey: the device's answer to the challenge.
         * @description 409: the challenge was answered or has expired, somebody has the passkey, or one has ten.
         */
        post: operations["add_passkey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/passkeys/start": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Begins to add a passkey: a challenge for `navigator.credentials.create`, for five minutes.
         * @description 403: the sign-in is older than an hour, or the user signs in only with a provider. 404: passkeys are off. 409: one has ten.
         */
        post: operations["start_passkey"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/passkeys/{passkeyId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Gives one of one's passkeys another name. */
        put: operations["rename_passkey"];
        post?: never;
        /** Removes one of one's passkeys. Sign-ins with it go on. */
        delete: operations["remove_passkey"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/password": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Changes one's password, and ends one's other sign-ins. */
        put: operations["change_password"];
        /**
         * Signs in by e-mail address and password, for a week. The cookie is that of `sign_in`.
         * @description The answer is the same, and takes as long, whether the address is unknown, the user is disabled or the password is wrong.
         */
        post: operations["sign_in_by_password"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/session": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The current sign-in. */
        get: operations["get_signed_in"];
        put?: never;
        /**
         * Signs in: exchanges a key for a cookie that lasts twelve hours, or one hour with an auth service. Revoking the key ends it at once.
         * @description The cookie is `__Host-crow_session` over https, Secure, else `crow_session`; HttpOnly, SameSite=Strict.
         */
        post: operations["sign_in"];
        /** Signs out. */
        delete: operations["sign_out"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/sign-ins": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One's sign-ins, newest first. */
        get: operations["list_sign_ins"];
        put?: never;
        post?: never;
        /** Ends one's other sign-ins. */
        delete: operations["end_other_sign_ins"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/sign-ins/{signInId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Ends one of one's sign-ins. */
        delete: operations["end_sign_in"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/auth/ways": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The ways to sign in, for the page that offers them. */
        get: operations["ways_to_sign_in"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/issues/{orgId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Errors that occurred in a range, grouped, in pages. All given conditions must hold.
         * @description A range counts a session whole if it has the error in the range. Texts come from pages and their visitors: they are not to be trusted.
         */
        get: operations["list_issues"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/issues/{orgId}/assignees": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The people of the organization who can see to an issue, by name. */
        get: operations["list_assignees"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/issues/{orgId}/{issueId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One issue: where it occurs, the stack of a recent occurrence, and the latest sessions with the moment in each. */
        get: operations["get_issue"];
        /**
         * Decides about an issue: whether it is open, resolved or ignored, and who sees to it. What is left out stays. An API key needs the scope `admin`.
         * @description A resolved issue is open again when it occurs in a release in which nothing had failed before, or without a release.
         */
        put: operations["change_issue"];
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/live/{orgId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Sessions of an organization as they start, change or end.
         * @description Events: `session`, a session as in the list, at most once a second for each; comments as heartbeats. Changes before the response began are in the list.
         */
        get: operations["watch_sessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/notifications/{orgId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One's notifications, newest first, in pages, and how many are unread.
         * @description They are kept for 90 days, at most 500 a user. An API key has none.
         */
        get: operations["list_notifications"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/notifications/{orgId}/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Marks one's notifications as read: all, or those up to a moment. */
        post: operations["read_notifications"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/notifications/{orgId}/{notificationId}/read": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Marks one of one's notifications as read. */
        post: operations["read_notification"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/people/{orgId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Users, and browsers of which no user is known, last seen first, in pages. */
        get: operations["list_people"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/people/{orgId}/{kind}/{personId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One person.
         * @description A browser belongs to the user that the latest session with a user named. Sessions in it that name no user, also earlier ones, belong to that user.
         */
        get: operations["get_person"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/people/{orgId}/{kind}/{personId}/timeline": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The sessions of a person with their main events, newest first, in pages. */
        get: operations["get_person_timeline"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/saved-filters/{orgId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * One's saved filters and those that others share, by name.
         * @description Without the scope `read`, those that name a person are left out.
         */
        get: operations["list_filters"];
        put?: never;
        /**
         * Saves a filter of the list of sessions, for oneself or for everybody in the organization.
         * @description 409: one has a filter of this name, or 200 of them.
         */
        post: operations["save_filter"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/saved-filters/{orgId}/{filterId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Changes one's own saved filter. An admin also changes what others share. */
        put: operations["change_filter"];
        post?: never;
        /** Removes one's own saved filter. An admin also removes what others share. */
        delete: operations["remove_filter"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sessions/{orgId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** Sessions of an organization, newest first, in pages. All given conditions must hold. */
        get: operations["list_sessions"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sessions/{orgId}/facets": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The values of each filter of the list, and how many sessions each would leave. */
        get: operations["facets"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sessions/{orgId}/tags": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The tags of an organization, most used first. */
        get: operations["list_tags"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sessions/{orgId}/{sessionId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One session, by its id, or the latest generation of the SDK's session id. */
        get: operations["get_session"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sessions/{orgId}/{sessionId}/events": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The interactions of a session in the order of time, in pages. */
        get: operations["list_events"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sessions/{orgId}/{sessionId}/events/{eventId}/stack": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The stack of an event of the type `error`, with the sources of its frames. 404: it has none. */
        get: operations["get_stack"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sessions/{orgId}/{sessionId}/export": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The whole recording as a file: the NDJSON of `replay`. */
        get: operations["export"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sessions/{orgId}/{sessionId}/live": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * A session while it happens: first the stored lines, then new ones.
         * @description Events: `lines`, a JSON array of the lines of `replay`; `caughtUp` once all earlier lines are sent; `end` with `{"endReason"}` when the session is over; comments as heartbeats. No line is repeated or missing. If the response breaks off without `end`, request it again; it then starts from the beginning.
         */
        get: operations["watch_session"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sessions/{orgId}/{sessionId}/notes": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The notes of a session, by the moment that they are about. */
        get: operations["list_notes"];
        put?: never;
        /**
         * Adds a note to a moment of a session. An API key needs the scope `admin`.
         * @description 409: the session has 200 notes.
         */
        post: operations["add_note"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sessions/{orgId}/{sessionId}/notes/{noteId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Replaces the text of one's own note. */
        put: operations["change_note"];
        post?: never;
        /** Removes one's own note. An admin also removes those of others. */
        delete: operations["remove_note"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sessions/{orgId}/{sessionId}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The recording of a session in the order of time, as a stream.
         * @description NDJSON: a line `{"w":window,"k":"r"|"e","t":ms,"s":batch,"d":{…}}` per rrweb event (`r`) and interaction (`e`), and a last line `{"k":"end","gaps":[…]}`. A stream without its last line was cut off.
         */
        get: operations["get_replay"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sessions/{orgId}/{sessionId}/tags": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * Gives a session a tag. One that it has is no change. An API key needs the scope `admin`.
         * @description 409: the session has 20 tags.
         */
        post: operations["add_tag"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sessions/{orgId}/{sessionId}/tags/{tag}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Takes a tag from a session. An API key needs the scope `admin`. */
        delete: operations["remove_tag"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/sessions/{orgId}/{sessionId}/watched": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Notes that one has watched a session. */
        put: operations["set_watched"];
        post?: never;
        /** Forgets that one has watched a session. */
        delete: operations["set_unwatched"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/shared/assets/resolve": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Which pictures and fonts of the session that a public link shows are stored. */
        post: operations["resolve_shared_assets"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/shared/assets/{hash}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The bytes of a picture or a font that the session of a public link has shown. */
        get: operations["get_shared_asset"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/shared/open": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /**
         * What a public link shows, for the page that plays it. Counts that the link was opened.
         * @description 404: the link does not work. It does not say why.
         */
        post: operations["open_shared"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/shared/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The recording that a public link shows: the NDJSON of `replay`, only with the events that build pages. */
        get: operations["get_shared_replay"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/source-maps/{orgId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * Source maps of an organization, newest first, in pages.
         * @description Their content is in no answer: it only explains stacks.
         */
        get: operations["list_source_maps"];
        put?: never;
        /**
         * Stores the source map of a script, in place of an earlier one of the same release and path.
         * @description Version 3, also with sections; at most 64 MiB unless configured otherwise, also compressed with gzip or zstd. A repeat changes nothing. Maps of the 50 newest releases are kept. `crow sourcemaps upload` uses this route.
         */
        post: operations["upload_source_map"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/source-maps/{orgId}/{mapId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        post?: never;
        /** Removes a source map. */
        delete: operations["remove_source_map"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{orgId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The webhooks of an organization, oldest first. */
        get: operations["list_webhooks"];
        put?: never;
        /**
         * Adds a webhook. 409: the organization has 10.
         * @description The secret is shown only here. Messages are signed as Standard Webhooks says; see docs/alerts.md.
         */
        post: operations["add_webhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{orgId}/{webhookId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        /** Changes a webhook, or enables or disables it. */
        put: operations["change_webhook"];
        post?: never;
        /** Removes a webhook with its messages, also from the alerts that name it. */
        delete: operations["remove_webhook"];
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{orgId}/{webhookId}/deliveries": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** The messages of the last 30 days for a webhook, newest first, in pages. */
        get: operations["list_deliveries"];
        put?: never;
        post?: never;
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{orgId}/{webhookId}/deliveries/{deliveryId}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sends a message again, with the same id and with all attempts. 422: the webhook is disabled. */
        post: operations["replay_delivery"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{orgId}/{webhookId}/rotate": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Gives a webhook a new secret. For some hours messages have a signature with the old one, too. */
        post: operations["rotate_webhook_secret"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
    "/webhooks/{orgId}/{webhookId}/test": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        get?: never;
        put?: never;
        /** Sends a test message. 422: the webhook is disabled. */
        post: operations["test_webhook"];
        delete?: never;
        options?: never;
        head?: never;
        patch?: never;
        trace?: never;
    };
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description The use of an invitation. */
        AcceptInvitation: {
            /** @description The e-mail address. Required if the invitation has none. */
            email?: string | null;
            /** @description The name, 1 to 100 characters. Required to join. */
            name?: string | null;
            /** @description The organization. Required if the invitation has none. */
            organizationId?: string | null;
            /** @description The password: 12 to 128 characters. */
            password: string;
            /** @description From the link. */
            token: string;
        };
        /** @description A product, and how many interactions were about it. */
        ActiveProduct: {
            /**
             * Format: int64
             * @description Those that left a cart or the checkout.
             */
            abandoned: number;
            /** @description Its id, or what pages named it. */
            id: string;
            /**
             * Format: int64
             * @description Interactions about it.
             */
            interactions: number;
            /** @description Its name in the catalogue; null: it is not in there. */
            name?: string | null;
            /**
             * Format: int64
             * @description Those that ended with a purchase.
             */
            purchased: number;
        };
        /** @description A webhook to add. */
        AddWebhook: {
            /** @description How it is spoken to. */
            kind: components["schemas"]["WebhookKind"];
            /** @description Its name: 1 to 100 characters. */
            name: string;
            /** @description Where it is: https, at most 2,000 bytes. */
            url: string;
        };
        /**
         * @description What is kept of a visitor's address. The country is looked up before.
         * @enum {string}
         */
        AddressPolicy: "keep" | "truncate" | "drop";
        /**
         * @description What a number is compared with.
         * @enum {string}
         */
        AlertComparison: "above" | "below" | "spike" | "drop";
        /** @description Alerts of an organization. */
        AlertList: {
            /** @description Oldest first. */
            alerts: components["schemas"]["AlertView"][];
            /** @description Whether users can be told by mail. */
            canMail: boolean;
        };
        /**
         * @description A number of the product.
         * @enum {string}
         */
        AlertNumber: "newIssue" | "regressedIssue" | "sessions" | "errors" | "event" | "issue" | "conversion";
        /** @description What is watched, and when it is told. */
        AlertRule: {
            condition?: null | components["schemas"]["AlertComparison"];
            /** @description Name of the event, of `event`. */
            eventName?: string | null;
            /** @description Type of the event, of `event`. */
            eventType?: string | null;
            /** @description Id of the issue, of `issue`. */
            issueId?: string | null;
            /**
             * Format: int64
             * @description With less than this, nothing is told: of `spike` in the window, of `drop` the median of those
             *     before, of `conversion` the sessions that took the first step. At least 1. Default: 20.
             */
            minimum?: number | null;
            /** @description The number. */
            number: components["schemas"]["AlertNumber"];
            /** @description Steps of the funnel, of `conversion`: two to eight. */
            steps?: components["schemas"]["FunnelStep"][] | null;
            /**
             * Format: double
             * @description What it is compared with; of `spike`, `drop` and `conversion` a percentage. Required with a
             *     condition.
             */
            threshold?: number | null;
            /**
             * Format: int64
             * @description Minutes that are counted: 5 to 10,080; of `spike` and `drop` at most 1,440. Default: 60.
             */
            windowMinutes?: number | null;
        };
        /** @description Whom to tell. */
        AlertTarget: {
            /** @description Id of the endpoint or the user. */
            id: string;
            /** @description What it is. */
            kind: components["schemas"]["AlertTargetKind"];
        };
        /**
         * @description What kind of target it is.
         * @enum {string}
         */
        AlertTargetKind: "webhook" | "user";
        /** @description An alert. Times are milliseconds since the epoch. */
        AlertView: {
            /**
             * Format: int64
             * @description When it was made.
             */
            createdAt: number;
            /** @description Id of the user or the key that made it. */
            createdBy: string;
            /**
             * Format: int64
             * @description When it was evaluated last; null: not yet.
             */
            evaluatedAt?: number | null;
            /** @description Why the last evaluation failed; null: it did not. */
            failure?: string | null;
            /**
             * Format: int64
             * @description When it was told last; null: never.
             */
            firedAt?: number | null;
            /**
             * Format: int64
             * @description Since when the condition holds; null: it does not.
             */
            firingSince?: number | null;
            /** @description Its id. */
            id: string;
            /** @description Whether it is evaluated. */
            isEnabled: boolean;
            /** @description Its name. */
            name: string;
            rule?: null | components["schemas"]["AlertRule"];
            /** @description `ok` or `firing`. An alert about issues is always `ok`. */
            state: string;
            /** @description Whom to tell. */
            targets: components["schemas"]["AlertTarget"][];
            /** @description Whether to tell when the condition does not hold any more. */
            tellsResolved: boolean;
            /**
             * Format: double
             * @description What it was compared with.
             */
            threshold?: number | null;
            /**
             * Format: int64
             * @description When it was changed.
             */
            updatedAt: number;
            /**
             * Format: double
             * @description What was counted last.
             */
            value?: number | null;
        };
        /** @description Interactions of a range, counted and put into words. */
        Analysis: {
            /** @description What is unlike the range before, or unlike the other days. */
            anomalies: components["schemas"]["Finding"][];
            /**
             * Format: int64
             * @description The range, milliseconds since the epoch.
             */
            from: number;
            /** @description What stands out. */
            insights: components["schemas"]["Finding"][];
            /** @description What the texts rest on. */
            numbers: components["schemas"]["Numbers"];
            /** @description What to look at first. */
            recommendations: components["schemas"]["Recommendation"][];
            /** @description Who wrote insights, anomalies and recommendations: `rules/1` are rules, not a model. */
            source: string;
            /** @description The range in a few sentences. */
            summary: string;
            /** @description Who wrote the summary: rules such as `rules/1`, or the name of a model. */
            summarySource: string;
            /**
             * Format: int64
             * @description Not included.
             */
            to: number;
        };
        /** @description A range to analyze. */
        AnalyzeRequest: {
            /**
             * Format: int64
             * @description Milliseconds since the epoch or RFC 3339. Default: seven days before `to`.
             */
            from?: number | null;
            /** @description `web`, `cctv` or `social`. Default: all. */
            sourceType?: string | null;
            /**
             * Format: int64
             * @description Milliseconds since the epoch or RFC 3339, not included. Default: now.
             */
            to?: number | null;
        };
        /** @description What a frame shows. */
        AnalyzedFrame: {
            /** @description What it shows, in words. At most 4,000 bytes. */
            description: string;
            /**
             * Format: int64
             * @description Its number in the recording.
             */
            frameIndex: number;
            /**
             * Format: int64
             * @description When it was taken, milliseconds since the epoch.
             */
            timestamp: number;
        };
        /** @description An answer, with its accuracy. */
        Answer_EventCounts: {
            /** @description By type and name, most sessions first. */
            rows: components["schemas"]["EventRow"][];
            /** @description By the time of the event. Events after the end of the range count in the last bucket. */
            series: components["schemas"]["EventPoint"][];
        } & {
            /** @description The share of visitors that was read. 1 means all, so the numbers are exact. Below 1 the counts are estimates of the whole. */
            sampleRate: number;
            /** @description Duration of the query in milliseconds. */
            tookMs: number;
        };
        /** @description An answer, with its accuracy. */
        Answer_Funnel: {
            /** @description What is counted: sessions or people. */
            by: components["schemas"]["FunnelBy"];
            /** @description By value, those with the most sessions first; empty unless asked for. */
            breakdown: components["schemas"]["FunnelBreakdown"][];
            /** @description Some sessions of each step. */
            sampleSessions: components["schemas"]["FunnelSample"][];
            /** @description In the requested order. */
            steps: components["schemas"]["FunnelStepCount"][];
        } & {
            /** @description The share of visitors that was read. 1 means all, so the numbers are exact. Below 1 the counts are estimates of the whole. */
            sampleRate: number;
            /** @description Duration of the query in milliseconds. */
            tookMs: number;
        };
        /** @description An answer, with its accuracy. */
        Answer_Heatmap: {
            /**
             * Format: int64
             * @description Clicks, including those without a position. Page views for `scroll`.
             */
            count: number;
            /**
             * Format: int32
             * @description The lowest point in CSS pixels.
             */
            height: number;
            /** @description The kind of heatmap. */
            kind: components["schemas"]["HeatmapKind"];
            /** @description The path of the page. */
            page: string;
            /** @description Clicks by position; empty for `scroll`. */
            points: components["schemas"]["HeatPoint"][];
            /** @description How many sessions saw the page down to each tenth; only for `scroll`. */
            scroll: components["schemas"]["ScrollDepth"][];
            /**
             * Format: int64
             * @description Sessions that saw the page in such a viewport.
             */
            sessions: number;
            snapshotSession?: null | components["schemas"]["Snapshot"];
            /**
             * @description Recorded sessions that may show the page, most likely first. A recording misses the page if
             *     the visitor left before it began.
             */
            snapshots: components["schemas"]["Snapshot"][];
            /** @description The class of viewport. */
            viewport: components["schemas"]["ViewportClass"];
            /**
             * Format: int32
             * @description The most frequent width of the viewport in CSS pixels; 0 if there were no views.
             */
            width: number;
        } & {
            /** @description The share of visitors that was read. 1 means all, so the numbers are exact. Below 1 the counts are estimates of the whole. */
            sampleRate: number;
            /** @description Duration of the query in milliseconds. */
            tookMs: number;
        };
        /** @description An answer, with its accuracy. */
        Answer_Journeys: {
            /** @description From each step to the next. */
            links: components["schemas"]["JourneyLink"][];
            /** @description Pages of each step, most sessions first. */
            nodes: components["schemas"]["JourneyNode"][];
        } & {
            /** @description The share of visitors that was read. 1 means all, so the numbers are exact. Below 1 the counts are estimates of the whole. */
            sampleRate: number;
            /** @description Duration of the query in milliseconds. */
            tookMs: number;
        };
        /** @description An answer, with its accuracy. */
        Answer_Overview: {
            /** @description Totals of the previous range of the same length. */
            previous: components["schemas"]["Totals"];
            /** @description The previous range by time. */
            previousSeries: components["schemas"]["OverviewPoint"][];
            /** @description By time. */
            series: components["schemas"]["OverviewPoint"][];
            /** @description Totals of the range. */
            totals: components["schemas"]["Totals"];
        } & {
            /** @description The share of visitors that was read. 1 means all, so the numbers are exact. Below 1 the counts are estimates of the whole. */
            sampleRate: number;
            /** @description Duration of the query in milliseconds. */
            tookMs: number;
        };
        /** @description An answer, with its accuracy. */
        Answer_Pages: {
            /** @description Most sessions first. */
            rows: components["schemas"]["PageRow"][];
        } & {
            /** @description The share of visitors that was read. 1 means all, so the numbers are exact. Below 1 the counts are estimates of the whole. */
            sampleRate: number;
            /** @description Duration of the query in milliseconds. */
            tookMs: number;
        };
        /** @description An answer, with its accuracy. */
        Answer_Retention: {
            /** @description By value, those with the most people first, at most ten; empty unless asked for. */
            breakdown: components["schemas"]["RetentionBreakdown"][];
            /** @description Oldest first. */
            cohorts: components["schemas"]["Cohort"][];
        } & {
            /** @description The share of visitors that was read. 1 means all, so the numbers are exact. Below 1 the counts are estimates of the whole. */
            sampleRate: number;
            /** @description Duration of the query in milliseconds. */
            tookMs: number;
        };
        /** @description An answer, with its accuracy. */
        Answer_Top: {
            /** @description Most sessions first. */
            rows: components["schemas"]["TopRow"][];
        } & {
            /** @description The share of visitors that was read. 1 means all, so the numbers are exact. Below 1 the counts are estimates of the whole. */
            sampleRate: number;
            /** @description Duration of the query in milliseconds. */
            tookMs: number;
        };
        /** @description An answer, with its accuracy. */
        Answer_WebVitals: {
            /** @description LCP, CLS, INP, TTFB, FCP and load, in this order. Metrics without measurements are included. */
            metrics: components["schemas"]["Metric"][];
            /** @description The pages with the most measurements. */
            pages: components["schemas"]["PageVitals"][];
        } & {
            /** @description The share of visitors that was read. 1 means all, so the numbers are exact. Below 1 the counts are estimates of the whole. */
            sampleRate: number;
            /** @description Duration of the query in milliseconds. */
            tookMs: number;
        };
        /** @description The stored assets. Addresses without one are left out. */
        AssetList: {
            /** @description At most one for each address. */
            assets: components["schemas"]["AssetView"][];
        };
        /** @description The version of an address at that moment, else its oldest version. */
        AssetView: {
            /**
             * Format: int64
             * @description Number of bytes.
             */
            bytes: number;
            /** @description SHA-256 of the bytes, hexadecimal: its name in `/assets/{orgId}/{hash}`. */
            hash: string;
            /**
             * @description MIME type.
             * @example image/png
             */
            type: string;
            /** @description The address as requested. */
            url: string;
        };
        /** @description Addresses to look up. */
        AssetsQuestion: {
            /**
             * Format: int64
             * @description The moment of the recording, milliseconds since the epoch.
             */
            at: number;
            /** @description Absolute addresses of pictures and fonts. */
            urls: string[];
        };
        /** @description Who can see to an issue. */
        AssigneeList: {
            /** @description By name. */
            assignees: components["schemas"]["AssigneeView"][];
        };
        /** @description A user of the organization. */
        AssigneeView: {
            /** @description Id of the user. */
            id: string;
            /** @description Name of the user. */
            name: string;
        };
        /** @description A page of the audit log. */
        AuditList: {
            /** @description Newest first. */
            entries: components["schemas"]["AuditView"][];
            /** @description Send it as `cursor` for the next page; null on the last page. */
            nextCursor?: string | null;
        };
        /** @description An entry of the audit log. What may be null is null in entries of earlier releases. */
        AuditView: {
            /** @description What was done, such as `api_key.created`. */
            action: string;
            /** @description Id of the user or key, or the name of the part of the system. */
            actorId?: string | null;
            /** @description `user`, `key`, `public` (not known) or `system` (the installation itself). */
            actorKind?: string | null;
            /** @description The address of the client; null when there is none. */
            address?: string | null;
            /**
             * Format: int64
             * @description Milliseconds since the epoch.
             */
            at: number;
            /** @description SHA-256 of the entry and of the hash before it. */
            hash?: string | null;
            /** @description Id of the entry. */
            id: string;
            /** @description `done` or `refused`. */
            outcome?: string | null;
            /**
             * Format: int64
             * @description Its place in the organization's chain, from 1.
             */
            sequence?: number | null;
            /** @description On what: an id, possibly with what changed. */
            subject: string;
        };
        /** @description A key to sign in with. */
        BeginSignIn: {
            /**
             * @description An API key with scope `read`.
             * @example crow_…
             */
            key: string;
        };
        /**
         * @description What to split a funnel by.
         * @enum {string}
         */
        Breakdown: "country" | "device" | "browser" | "os";
        /** @description A change of a saved filter. What is left out stays. */
        ChangeFilter: {
            /** @description Whether everybody in the organization sees it. */
            isShared?: boolean | null;
            /** @description Its name: 1 to 100 characters. One's names are unique. */
            name?: string | null;
            /** @description The parameters of the list, such as `country=DE&errors=true`: at most 4,096 bytes. */
            query?: string | null;
        };
        /** @description A decision about an issue. What is left out stays. */
        ChangeIssue: {
            /** @description Id of the user who sees to it; empty: nobody. */
            assigneeId?: string | null;
            /** @description `open`, `resolved` or `ignored`. */
            status?: string | null;
        };
        /** @description A note with another text. */
        ChangeNote: {
            /** @description What it says: 1 to 2,000 characters. */
            text: string;
        };
        /** @description A new password. */
        ChangePassword: {
            /** @description The password until now. */
            currentPassword: string;
            /** @description The new one: 12 to 128 characters. */
            newPassword: string;
        };
        /** @description New settings of an organization. */
        ChangeSettings: {
            /** @description All settings. What is left out has its default. */
            settings: components["schemas"]["OrganizationSettings"];
            /**
             * Format: int64
             * @description `version` of the settings that the change was made from.
             */
            version: number;
        };
        /** @description A change of a user. What is left out stays. */
        ChangeUser: {
            /** @description Whether the user may not sign in. */
            isDisabled?: boolean | null;
            /** @description `owner`, `admin`, `member` or `marketing`. */
            role?: string | null;
        };
        /** @description A change of a webhook. What is left out stays. */
        ChangeWebhook: {
            /** @description Whether it gets messages. */
            isEnabled?: boolean | null;
            /** @description Its name: 1 to 100 characters. */
            name?: string | null;
            /** @description Where it is: https, at most 2,000 bytes. */
            url?: string | null;
        };
        /** @description The people with their first session, of all that were read, in one period. */
        Cohort: {
            /** @description How many of them had a session in this period, in the next one, and so on. */
            returned: number[];
            /**
             * Format: int64
             * @description People.
             */
            size: number;
            /**
             * Format: int64
             * @description Start of the period, or of the range if that is later. Milliseconds since the epoch.
             */
            start: number;
        };
        /** @description What the visitor of a session agreed to. */
        ConsentView: {
            /**
             * @description `gpc` or `dnt`: the signal of the browser for which the session holds nothing that names the
             *     visitor.
             */
            signal?: string | null;
            /** @description `granted`, `pending` or `denied`, as the client said last. */
            state?: string | null;
            /** @description The version of what the visitor agreed to. */
            version?: string | null;
        };
        /** @description How many interactions have something. */
        Counted: {
            /**
             * Format: int64
             * @description In the range.
             */
            count: number;
            /** @description What. */
            name: string;
            /**
             * Format: int64
             * @description In the range before.
             */
            previous: number;
        };
        /** @description Counts of what happened in a session. */
        CountsView: {
            /**
             * Format: int64
             * @description Clicks.
             */
            clicks: number;
            /**
             * Format: int64
             * @description Errors.
             */
            errors: number;
            /**
             * Format: int64
             * @description Interactions.
             */
            events: number;
            /**
             * Format: int64
             * @description Inputs.
             */
            inputs: number;
            /**
             * Format: int64
             * @description Pages.
             */
            pageviews: number;
            /**
             * Format: int64
             * @description Rage clicks.
             */
            rageClicks: number;
            /**
             * Format: int64
             * @description rrweb events.
             */
            replayEvents: number;
        };
        /** @description An interaction, or with `frameAnalyses` a batch of described camera frames. */
        CreateInteraction: {
            /**
             * Format: int64
             * @description Batch: when the last frame was taken.
             */
            batchEndTimestamp?: number | null;
            /**
             * Format: int64
             * @description Batch: its number in the recording, from 0.
             */
            batchIndex?: number | null;
            /**
             * Format: int64
             * @description Batch: when the first frame was taken, milliseconds since the epoch.
             */
            batchStartTimestamp?: number | null;
            /** @description Batch: the camera. */
            cameraId?: string | null;
            /** @description Interaction: what happened, JSON as text. At most 256 KiB. */
            data?: string | null;
            /** @description Batch: 1 to 1,000 frames. */
            frameAnalyses?: components["schemas"]["AnalyzedFrame"][] | null;
            /** @description The tenant. */
            organizationId: string;
            /** @description What it is part of. A batch must have one. */
            sessionId?: string | null;
            /** @description `web`, `cctv` or `social`. Of a batch: `cctv`. */
            sourceType: string;
            /** @description Interaction: in words, if the service has some. It is shown as the service's, not as CROW's. */
            summary?: string | null;
            /**
             * Format: int64
             * @description Interaction: when it happened, milliseconds since the epoch.
             */
            timestamp?: number | null;
        };
        /** @description The key to create. */
        CreateKey: {
            /** @description Origins from which browsers may use the key, such as `https://shop.example`. Default: any. */
            allowedOrigins?: string[] | null;
            /**
             * Format: int64
             * @description When the key stops working, milliseconds since the epoch; at most ten years away. Default:
             *     never.
             */
            expiresAt?: number | null;
            /** @description Name of the key: 1 to 100 characters. */
            name: string;
            /**
             * Format: int32
             * @description Requests per second that the key may make at each process of a service, 1 to 100000. Default:
             *     what the service allows every key.
             */
            requestsPerSecond?: number | null;
            /**
             * @description At least one of `ingest`, `analytics`, `read` and `admin`.
             * @example [
             *       "read"
             *     ]
             */
            scopes: string[];
        };
        /** @description A product to create. */
        CreateProduct: {
            /** @description What kind of product it is: at most 200 characters. */
            category?: string | null;
            /** @description ISO 4217. Needed with a price. */
            currency?: string | null;
            /** @description What the shop calls it in events: at most 128 characters. Default: the SKU, else one is made. */
            id?: string | null;
            /** @description The address of a picture: at most 2,000 characters. */
            imageUrl?: string | null;
            /** @description Its name: 1 to 300 characters. */
            name: string;
            /**
             * Format: int64
             * @description In minor units of `currency`, such as cents.
             */
            priceMinor?: number | null;
            /** @description Stock keeping unit: at most 128 characters. */
            sku?: string | null;
            /** @description The canonical address of its page: at most 2,000 characters. */
            url?: string | null;
        };
        /** @description An interaction that is queued. */
        CreatedInteraction: {
            /** @description The `id` that the interaction will have. A repeat has the same. */
            id: string;
        };
        /**
         * @description A page of the dashboard that the scope `analytics` is enough for. The word is the page's name in
         *     the dashboard's addresses.
         * @enum {string}
         */
        DashboardPage: "sessions" | "overview" | "events" | "journeys" | "heatmaps" | "retention" | "vitals";
        /** @description Interactions of a day. */
        DayCount: {
            /**
             * Format: int64
             * @description When the day begins, milliseconds since the epoch.
             */
            at: number;
            /**
             * Format: int64
             * @description How many.
             */
            count: number;
        };
        /** @description Dead letters that wait for a decision. */
        DeadLetterCounts: {
            /**
             * Format: int64
             * @description Announcements of finished sessions.
             */
            completions: number;
            /**
             * Format: int64
             * @description Messages with events.
             */
            events: number;
        };
        /** @description A page of messages. */
        DeliveryList: {
            /** @description Newest first. */
            deliveries: components["schemas"]["DeliveryView"][];
            /** @description Send it as `cursor` for the next page; null on the last page. */
            nextCursor?: string | null;
        };
        /**
         * @description A message for a webhook. Times are milliseconds since the epoch. What the other side answers is not
         *     kept, only its status.
         */
        DeliveryView: {
            /** @description Id of the alert; null of a test. */
            alertId?: string | null;
            /**
             * Format: int64
             * @description Attempts that ended.
             */
            attempts: number;
            /**
             * Format: int64
             * @description When it was made.
             */
            createdAt: number;
            /** @description `alert.firing`, `alert.resolved`, `issue.new`, `issue.regressed` or `test`. */
            event: string;
            /** @description Why the last attempt failed, or why there was none. */
            failure?: string | null;
            /**
             * Format: int64
             * @description When it arrived, or the attempts ended.
             */
            finishedAt?: number | null;
            /** @description Its id, which is the header `webhook-id`. */
            id: string;
            /**
             * Format: int64
             * @description When it is tried next; null: not any more.
             */
            nextAt?: number | null;
            /** @description `pending`, `delivered`, `exhausted` (no attempt arrived) or `cancelled`. */
            state: string;
            /**
             * Format: int64
             * @description HTTP status of the last attempt; null: there was no answer.
             */
            status?: number | null;
        };
        /**
         * @description What to erase or anonymize: exactly one of `sessions`, `userId`, `visitorId`, `time`, `property`
         *     and `organization`.
         */
        EraseWhat: {
            /** @description What becomes of the sessions. */
            mode?: components["schemas"]["ErasureMode"];
            /** @description Everything. The id of the organization, as a confirmation. */
            organization?: string | null;
            property?: null | components["schemas"]["Trait"];
            /**
             * @description These sessions: the SDK's session ids, which mean all their visits, or `id`s of sessions, which
             *     mean one visit each. At most 1,000.
             */
            sessions?: string[] | null;
            time?: null | components["schemas"]["TimeRange"];
            /** @description All sessions of this user. */
            userId?: string | null;
            /** @description All sessions with this visitor id: those of one browser profile or installed app. */
            visitorId?: string | null;
        };
        /** @description Erasures of an organization. */
        ErasureList: {
            /** @description Newest first. */
            erasures: components["schemas"]["ErasureView"][];
            /** @description Send it as `cursor` for the next page; null on the last page. */
            nextCursor?: string | null;
        };
        /**
         * @description What becomes of the sessions of an erasure.
         * @enum {string}
         */
        ErasureMode: "erase" | "anonymize";
        /** @description What an erasure would erase. */
        ErasurePreview: {
            /**
             * Format: int64
             * @description Their parts in the object store.
             */
            chunks: number;
            /**
             * Format: int64
             * @description Sessions.
             */
            sessions: number;
        };
        /** @description An erasure. It does not name who or what was erased. */
        ErasureView: {
            /**
             * Format: int64
             * @description When the last store was verified; null while some are not.
             */
            completedAt?: number | null;
            /** @description Id of the erasure. */
            id: string;
            /**
             * @description `session`, `user`, `time`, `property`, `organization`, `retention`, or `consent`: the visitor
             *     withdrew it.
             */
            kind: string;
            /**
             * @description `erase`, `anonymize`, or `remove_events`: retention removed events and recordings, and the
             *     sessions stay.
             */
            mode: string;
            /** @description A receipt of each store. */
            receipts: components["schemas"]["ReceiptView"][];
            /**
             * Format: int64
             * @description Milliseconds since the epoch. From then on nothing that it removes can be read.
             */
            requestedAt: number;
            /** @description The id of the key that asked, `crow erase`, `retention` or `visitor`. */
            requestedBy: string;
            /**
             * Format: int64
             * @description Sessions that it changed.
             */
            sessions: number;
        };
        /** @description The form of every error response. */
        ErrorBody: {
            /** @description The error. */
            error: components["schemas"]["ErrorDetail"];
        };
        /** @description What went wrong. */
        ErrorDetail: {
            /**
             * @description The code, for programs.
             * @example malformed
             */
            code: string;
            /** @description Explanation for people. */
            message: string;
            /** @description The same as in the header `X-Request-Id`. */
            requestId: string;
        };
        /** @description The events of the sessions that began in the range. */
        EventCounts: {
            /** @description By type and name, most sessions first. */
            rows: components["schemas"]["EventRow"][];
            /** @description By the time of the event. Events after the end of the range count in the last bucket. */
            series: components["schemas"]["EventPoint"][];
        };
        /** @description A page of events. */
        EventList: {
            /** @description In the order of time. */
            events: components["schemas"]["EventView"][];
            /** @description Send it as `cursor` for the next page; null on the last page. */
            nextCursor?: string | null;
        };
        /** @description Events of a bucket. */
        EventPoint: {
            /**
             * Format: int64
             * @description Number of events.
             */
            count: number;
            /**
             * Format: int64
             * @description Its start, milliseconds since the epoch.
             */
            t: number;
        };
        /** @description Events of a type and name. */
        EventRow: {
            /**
             * Format: int64
             * @description Number of events.
             */
            count: number;
            /** @description The name of a custom event; null for other events. */
            name?: string | null;
            /**
             * Format: int64
             * @description Number of sessions that have such events.
             */
            sessions: number;
            /** @description The type. */
            type: string;
        };
        /** @description One interaction. */
        EventView: {
            /** @description The client's data, any JSON; null when there is none. */
            data?: unknown;
            /** @description The event. */
            id: string;
            /** @description Of an event of the type `error`: the id of its issue. */
            issueId?: string | null;
            /** @description The URL where it happened. */
            name?: string | null;
            /**
             * Format: int64
             * @description Corrected to the server's clock, milliseconds since the epoch.
             */
            timestamp: number;
            /** @description Its type. */
            type: string;
            /** @description Where it happened. */
            url?: string | null;
            /** @description The window; empty when the client has none. */
            windowId: string;
        };
        /** @description The number of sessions for each value of each filter. */
        FacetList: {
            /** @description The most frequent values of each. */
            facets: components["schemas"]["Facets"];
            /** @description False: all numbers are estimates. */
            isExact: boolean;
            /**
             * Format: double
             * @description The share of visitors that was read; 1 means all.
             */
            sampleRate: number;
            /**
             * Format: int64
             * @description Sessions that pass the filter.
             */
            total: number;
        };
        /** @description A value, and how many sessions have it. */
        FacetValue: {
            /**
             * Format: int64
             * @description Sessions.
             */
            count: number;
            /** @description What to set the filter to. */
            value: string;
        };
        /** @description The most frequent values, most sessions first. */
        Facets: {
            /** @description Filter `browser`. */
            browser: components["schemas"]["FacetValue"][];
            /** @description Filter `country`. */
            country: components["schemas"]["FacetValue"][];
            /** @description Filter `device`. */
            device: components["schemas"]["FacetValue"][];
            /** @description Filter `eventName`. */
            eventName: components["schemas"]["FacetValue"][];
            /** @description Filter `eventType`. */
            eventType: components["schemas"]["FacetValue"][];
            /** @description Filter `os`. */
            os: components["schemas"]["FacetValue"][];
        };
        /** @description Saved filters. */
        FilterList: {
            /** @description One's own and those that others share, by name. */
            filters: components["schemas"]["FilterView"][];
        };
        /** @description A saved filter. */
        FilterView: {
            /**
             * Format: int64
             * @description Milliseconds since the epoch.
             */
            createdAt: number;
            /** @description Id of the user or the key that saved it. */
            createdBy: string;
            /** @description Id of the filter. */
            id: string;
            /** @description Whether it is one's own. */
            isOwn: boolean;
            /** @description Whether everybody in the organization sees it. */
            isShared: boolean;
            /** @description Its name. */
            name: string;
            /** @description The page of the dashboard that it belongs to. */
            page: string;
            /** @description The parameters of the list. */
            query: string;
            /**
             * Format: int64
             * @description Milliseconds since the epoch.
             */
            updatedAt: number;
        };
        /** @description A sentence and its number. */
        Finding: {
            /** @description The number that it is about: `total`, `intent:…`, `tag:…`, `product:…` or `day:…`. */
            about: string;
            /**
             * Format: double
             * @description What would have been usual; absent when nothing is compared.
             */
            expected?: number | null;
            /** @description What in quotation marks was written by pages: not to be trusted. */
            text: string;
            /**
             * Format: double
             * @description Its value.
             */
            value: number;
        };
        /** @description A frame of a stack. */
        FrameView: {
            /**
             * Format: int32
             * @description From 1.
             */
            column?: number | null;
            /** @description The function; empty: it has no name. */
            function: string;
            /** @description `app`: the page's own code; `library`, `extension`, `sdk`, `native` or `evaluated`. */
            kind: string;
            /**
             * Format: int32
             * @description From 1.
             */
            line?: number | null;
            original?: null | components["schemas"]["OriginalView"];
            /** @description Where its code is from; empty: unknown. */
            url: string;
        };
        /** @description How many sessions reached each step. */
        Funnel: {
            /** @description What is counted: sessions or people. */
            by: components["schemas"]["FunnelBy"];
            /** @description By value, those with the most sessions first; empty unless asked for. */
            breakdown: components["schemas"]["FunnelBreakdown"][];
            /** @description Some sessions of each step. */
            sampleSessions: components["schemas"]["FunnelSample"][];
            /** @description In the requested order. */
            steps: components["schemas"]["FunnelStepCount"][];
        };
        /** @description A funnel of the sessions with one value. */
        FunnelBreakdown: {
            /** @description Sessions that reached each step. */
            steps: number[];
            /** @description The value; `(none)` means unknown. */
            value: string;
        };
        /** @description A funnel to count. */
        FunnelRequest: {
            breakdown?: null | components["schemas"]["Breakdown"];
            /** @description Read all sessions, however long that takes. */
            exact?: boolean | null;
            /** @description Filters: the parameters of the other questions, by name. */
            filter?: Record<string, never> | null;
            /**
             * Format: int64
             * @description Milliseconds since the epoch or RFC 3339. Default: seven days before `to`.
             */
            from?: number | null;
            /** @description Two to eight. */
            steps: components["schemas"]["FunnelStep"][];
            /**
             * Format: int64
             * @description Milliseconds since the epoch or RFC 3339, not included. Default: now.
             */
            to?: number | null;
            /**
             * Format: int64
             * @description The maximum time from the first step to the last, in milliseconds. Default: the whole
             *     session.
             */
            windowMs?: number | null;
        };
        /** @description Some sessions of a step. */
        FunnelSample: {
            /** @description The newest sessions that reached the previous step, but not this one. */
            dropped: string[];
            /** @description The newest sessions that reached this step. */
            reached: string[];
            /** @description The step, from 0. */
            step: number;
        };
        /** @description One step of a funnel: an event that matches all given fields. */
        FunnelStep: {
            /** @description Label of the step. Default: the type and the other given fields. */
            label?: string | null;
            /** @description The event's name. */
            name?: string | null;
            /** @description The event's type. */
            type: string;
            /**
             * @description A value with a leading slash is matched against the whole path, and `*` stands for any text.
             *     Any other value matches a part of the URL.
             */
            url?: string | null;
        };
        /** @description Sessions that reached a step. */
        FunnelStepCount: {
            /**
             * Format: double
             * @description The share of sessions that reached the first step and also this one, 0 to 1.
             */
            conversion: number;
            /**
             * Format: double
             * @description The share of sessions that reached the previous step but not this one, 0 to 1.
             */
            dropOff: number;
            /** @description Label of the step. */
            label: string;
            /**
             * Format: int64
             * @description The median time since the previous step; null for the first step and without sessions.
             */
            medianMsFromPrevious?: number | null;
            /**
             * Format: int64
             * @description Sessions that reached this step.
             */
            sessions: number;
        };
        /** @description Missing batches of a window. */
        Gap: {
            /**
             * Format: int64
             * @description First missing batch number.
             */
            firstSeq: number;
            /**
             * Format: int64
             * @description Last missing batch number, included.
             */
            lastSeq: number;
            /**
             * Format: int64
             * @description When it was noticed, milliseconds since the epoch.
             */
            since: number;
            /** @description The window. */
            windowId: string;
        };
        /** @description A link to another generation of the session id. */
        GenerationView: {
            /**
             * Format: int32
             * @description Number of the generation, from 0.
             */
            generation: number;
            /** @description Id of the session. */
            id: string;
            /**
             * Format: int64
             * @description When it started.
             */
            startedAt: number;
        };
        /** @description The state of the installation and of the organization. */
        HealthView: {
            deadLetters?: null | components["schemas"]["DeadLetterCounts"];
            /** @description Recent events of the organization. */
            ingest: components["schemas"]["IngestView"];
            /** @description Session keepers of the whole installation. */
            keepers: components["schemas"]["KeeperView"][];
            /** @description Partitions of the whole installation. */
            partitions: components["schemas"]["PartitionView"][];
            /** @description What the organization has stored, up to a minute old. */
            storage: components["schemas"]["StorageView"];
        };
        /** @description Clicks near each other. */
        HeatPoint: {
            /**
             * Format: int64
             * @description Clicks.
             */
            count: number;
            /**
             * Format: int32
             * @description ‰ of the viewport's width.
             */
            x: number;
            /**
             * Format: int32
             * @description CSS pixels from the top of the document.
             */
            y: number;
        };
        /** @description A heatmap. */
        Heatmap: {
            /**
             * Format: int64
             * @description Clicks, including those without a position. Page views for `scroll`.
             */
            count: number;
            /**
             * Format: int32
             * @description The lowest point in CSS pixels.
             */
            height: number;
            /** @description The kind of heatmap. */
            kind: components["schemas"]["HeatmapKind"];
            /** @description The path of the page. */
            page: string;
            /** @description Clicks by position; empty for `scroll`. */
            points: components["schemas"]["HeatPoint"][];
            /** @description How many sessions saw the page down to each tenth; only for `scroll`. */
            scroll: components["schemas"]["ScrollDepth"][];
            /**
             * Format: int64
             * @description Sessions that saw the page in such a viewport.
             */
            sessions: number;
            snapshotSession?: null | components["schemas"]["Snapshot"];
            /**
             * @description Recorded sessions that may show the page, most likely first. A recording misses the page if
             *     the visitor left before it began.
             */
            snapshots: components["schemas"]["Snapshot"][];
            /** @description The class of viewport. */
            viewport: components["schemas"]["ViewportClass"];
            /**
             * Format: int32
             * @description The most frequent width of the viewport in CSS pixels; 0 if there were no views.
             */
            width: number;
        };
        /**
         * @description What a heatmap shows.
         * @enum {string}
         */
        HeatmapKind: "click" | "rage" | "dead" | "scroll";
        /** @description Why a product was left out. */
        ImportError: {
            /** @description The field. */
            field: string;
            /**
             * Format: int64
             * @description Of a CSV file the line on which it begins, otherwise its number from 1.
             */
            line: number;
            /** @description What is wrong with it. */
            message: string;
        };
        /** @description What came of an import. */
        ImportedProducts: {
            /**
             * Format: int64
             * @description New products.
             */
            created: number;
            /** @description Why, the first 100. */
            errors: components["schemas"]["ImportError"][];
            /**
             * Format: int64
             * @description Those that were left out.
             */
            failed: number;
            /**
             * Format: int64
             * @description Those that were the same before.
             */
            unchanged: number;
            /**
             * Format: int64
             * @description Changed ones.
             */
            updated: number;
        };
        /** @description Recent events. */
        IngestView: {
            /**
             * @description Events in each minute of the last hour, oldest first. Counts only events that are stored as
             *     rows.
             */
            eventsPerMinute: components["schemas"]["MinuteView"][];
            /**
             * Format: int64
             * @description Start of the first session, milliseconds since the epoch; null when there is none.
             */
            firstEventAt?: number | null;
        };
        /** @description How many interactions there are. */
        InteractionCounts: {
            /**
             * Format: int64
             * @description Of cameras.
             */
            cctv: number;
            /**
             * Format: int64
             * @description Of social media.
             */
            social: number;
            /**
             * Format: int64
             * @description All.
             */
            total: number;
            /**
             * Format: int64
             * @description Of websites and apps.
             */
            web: number;
        };
        /** @description A page of interactions. */
        InteractionList: {
            /** @description Newest first; of a search by meaning, the most similar first. */
            interactions: components["schemas"]["InteractionView"][];
            /** @description Send it as `cursor` for the next page; null on the last page, and of a search by meaning. */
            nextCursor?: string | null;
        };
        /**
         * @description What happened, in words. Texts in quotation marks come from pages and their visitors: they are not
         *     to be trusted.
         */
        InteractionView: {
            /**
             * Format: double
             * @description 0 to 1, from a published table. Of a model, its own figure times the share of its claims that lines show.
             */
            confidence?: number | null;
            /**
             * Format: int64
             * @description When it was first stored.
             */
            createdAt: number;
            /** @description What was announced. */
            data?: Record<string, never> | null;
            /** @description `reason`, `claims`, `products`, and the `lines` that they name. */
            evidence?: Record<string, never> | null;
            /** @description Of a session, the `id` of the session. */
            id: string;
            /** @description `purchase`, `checkout`, `cart`, `compare`, `search`, `browse`, `bounce`, `inconclusive` or `bot`. */
            intent?: string | null;
            /** @description The tenant. */
            organizationId: string;
            /** @description Products that it was about. */
            productIds?: string[] | null;
            /**
             * Format: int64
             * @description Of the session that it tells of.
             */
            revision: number;
            /** @description The SDK's session id. */
            sessionId?: string | null;
            /**
             * Format: float
             * @description Only of a search by meaning: the cosine, from -1 to 1. The nearer to 1, the more similar. Missing when
             *     only the words were found.
             */
            similarity?: number | null;
            /** @description `web`, `cctv` or `social`. */
            sourceType: string;
            /** @description What happened. */
            summary?: string | null;
            /**
             * @description Who wrote the summary: rules such as `rules/1`, `caller` for the service that reported it, or the
             *     name of a model. Of a model, nothing in the summary is to be trusted, also outside of quotation marks.
             */
            summarySource?: string | null;
            /** @description Words to filter by. */
            tags?: string[] | null;
            /**
             * Format: int64
             * @description When it happened, milliseconds since the epoch.
             */
            timestamp: number;
        };
        /** @description Invitations to an organization. */
        InvitationList: {
            /** @description Those that can be used, oldest first. */
            invitations: components["schemas"]["InvitationView"][];
        };
        /** @description The token of an invitation. */
        InvitationToken: {
            /** @description From the link. */
            token: string;
        };
        /** @description An invitation to an organization. */
        InvitationView: {
            /**
             * Format: int64
             * @description Milliseconds since the epoch.
             */
            createdAt: number;
            /** @description Id of the user or key that made it. */
            createdBy: string;
            /** @description The e-mail address. */
            email: string;
            /**
             * Format: int64
             * @description When it stops working, milliseconds since the epoch.
             */
            expiresAt: number;
            /** @description Id of the invitation. */
            id: string;
            /** @description The role of the new user. */
            role: string;
        };
        /** @description Somebody to invite. */
        Invite: {
            /** @description The e-mail address. */
            email: string;
            /** @description `owner`, `admin`, `member` or `marketing`. */
            role: string;
        };
        /** @description An issue, and where it occurs. */
        IssueDetailView: {
            /** @description The ten most frequent browsers. */
            browsers: components["schemas"]["PartView"][];
            /** @description The issue. */
            issue: components["schemas"]["IssueView"];
            /** @description At most 20, the latest occurrence first. */
            latestSessions: components["schemas"]["IssueSessionView"][];
            /** @description The ten most frequent pages. */
            pages: components["schemas"]["PartView"][];
            /** @description The ten most frequent releases. */
            releases: components["schemas"]["PartView"][];
            stack?: null | components["schemas"]["StackView"];
            /** @description The ten most frequent operating systems. */
            systems: components["schemas"]["PartView"][];
        };
        /** @description A page of issues. */
        IssueList: {
            /** @description In the order that was asked for. */
            issues: components["schemas"]["IssueView"][];
            /** @description Send it as `cursor` for the next page; null on the last page. */
            nextCursor?: string | null;
        };
        /**
         * @description Which errors become which issue. A pattern must match the whole text; `*` in it stands for any
         *     text, and upper and lower case differ. Only the first 1,024 bytes of a text are compared, and the
         *     first 64 of a type. An absent condition always holds.
         */
        IssueRule: {
            /** @default null */
            file: string | null;
            /** @default  */
            fingerprint: string;
            /** @default null */
            function: string | null;
            /** @default null */
            isHandled: boolean | null;
            /** @default null */
            message: string | null;
            /** @default null */
            page: string | null;
            /** @default null */
            release: string | null;
            /** @default null */
            type: string | null;
        };
        /** @description A session with an issue. Times are milliseconds since the epoch. */
        IssueSessionView: {
            /** @description The browser. */
            browser?: string | null;
            /**
             * Format: int64
             * @description Occurrences in it.
             */
            count: number;
            /**
             * Format: int64
             * @description The first occurrence in it.
             */
            firstSeen: number;
            /** @description Whether it has a recording. */
            hasReplay: boolean;
            /** @description The `id` of the session. */
            id: string;
            /**
             * Format: int64
             * @description The last occurrence in it.
             */
            lastSeen: number;
            /** @description The operating system. */
            os?: string | null;
            /** @description The page of the last one. */
            page: string;
            /** @description The release of the last one; empty: unknown. */
            release: string;
            /** @description The SDK's session id. */
            sessionId: string;
            /**
             * Format: int64
             * @description When the session started.
             */
            startedAt: number;
            /** @description The user. */
            userId?: string | null;
        };
        /**
         * @description An issue in a range. Type, message, place, page and release are those of its last occurrence. They
         *     come from pages and their visitors: they are not to be trusted.
         */
        IssueView: {
            /**
             * @description `people` is an estimate from one person in eight: in a list, of issues with more than 2,048
             *     sessions and about 256 people or more in the range.
             */
            arePeopleEstimated: boolean;
            /** @description Id of the user who sees to it. */
            assigneeId?: string | null;
            /** @description Name of this user. */
            assigneeName?: string | null;
            /**
             * Format: int64
             * @description Occurrences.
             */
            count: number;
            /** @description Where it happens: function and file, or the path of the page. */
            culprit: string;
            /**
             * Format: int64
             * @description Its first occurrence in any session that is left, milliseconds since the epoch.
             */
            firstSeen: number;
            /** @description Its fingerprint. */
            id: string;
            /** @description It was resolved and has occurred since, so it is open. */
            isRegressed: boolean;
            /**
             * Format: int64
             * @description Its last occurrence in the sessions that are counted.
             */
            lastSeen: number;
            /** @description What it says, one line. */
            message: string;
            /** @description The path of the page, with `*` for ids. */
            page: string;
            /**
             * Format: int64
             * @description People with it.
             */
            people: number;
            /** @description The version of the page; empty: unknown. */
            release: string;
            /**
             * Format: int64
             * @description When it was resolved.
             */
            resolvedAt?: number | null;
            /**
             * Format: int64
             * @description Sessions with it.
             */
            sessions: number;
            /** @description `open`, `resolved` or `ignored`. */
            status: string;
            /** @description Occurrences in each 24th of the range. All of a session count at its first one. */
            trend: number[];
            /** @description Such as `TypeError`; empty: unknown. */
            type: string;
        };
        /** @description Sessions that went from a page of a step to one of the next. */
        JourneyLink: {
            /** @description A node of `step`. */
            from: string;
            /** @description Examples. */
            sampleSessions: string[];
            /**
             * Format: int64
             * @description Sessions.
             */
            sessions: number;
            /** @description The step of `from`. */
            step: number;
            /** @description A node of the next step. */
            to: string;
        };
        /** @description A page of a step. */
        JourneyNode: {
            /**
             * @description Its path. `(exit)` and `(entry)`: the session goes no further; `(other)` stands for all
             *     other pages.
             */
            page: string;
            /**
             * Format: int64
             * @description Sessions.
             */
            sessions: number;
            /** @description From 0. When journeys are read backwards, step 1 happened before step 0. */
            step: number;
        };
        /** @description A graph in layers. */
        Journeys: {
            /** @description From each step to the next. */
            links: components["schemas"]["JourneyLink"][];
            /** @description Pages of each step, most sessions first. */
            nodes: components["schemas"]["JourneyNode"][];
        };
        /** @description A session keeper. */
        KeeperView: {
            /**
             * Format: int64
             * @description When it counts as dead unless it renews this, milliseconds since the epoch.
             */
            aliveUntil: number;
            /** @description Its name. */
            id: string;
        };
        /** @description The keys of an organization. */
        KeyList: {
            /** @description Oldest first, including revoked ones. */
            keys: components["schemas"]["KeyView"][];
        };
        /** @description A key without its secret. */
        KeyView: {
            /** @description Origins from which a browser may use it; null: any. */
            allowedOrigins?: string[] | null;
            /**
             * Format: int64
             * @description Milliseconds since the epoch.
             */
            createdAt: number;
            /**
             * Format: int64
             * @description When it stops working, milliseconds since the epoch; null: never.
             */
            expiresAt?: number | null;
            /** @description Id of the key. */
            id: string;
            /**
             * Format: int64
             * @description About when it was last used, milliseconds since the epoch; null: never, or not since this is
             *     noted. Each service notes it at most once an hour.
             */
            lastUsedAt?: number | null;
            /** @description Name of the key. */
            name: string;
            /** @description First characters of the key. */
            prefix: string;
            /**
             * Format: int32
             * @description Requests per second that it may make at each service; null: as any key.
             */
            requestsPerSecond?: number | null;
            /**
             * Format: int64
             * @description Milliseconds since the epoch; null if it was not revoked.
             */
            revokedAt?: number | null;
            /** @description `ingest`, `analytics`, `read`, `admin`. */
            scopes: string[];
        };
        /** @description Dead letters of an organization. */
        LetterList: {
            /**
             * @description Newest first. A page may have fewer letters than `limit`, or none, and still have a next
             *     page.
             */
            letters: components["schemas"]["LetterView"][];
            /** @description Send it as `cursor` for the next page; null on the last page. */
            nextCursor?: string | null;
        };
        /** @description A dead letter. */
        LetterView: {
            /**
             * Format: int64
             * @description When it was set aside, milliseconds since the epoch.
             */
            at: number;
            /**
             * Format: int32
             * @description How often processing was attempted.
             */
            attempts: number;
            /** @description Id of the letter. */
            id: string;
            /** @description `events` or `completions`. */
            kind: string;
            /** @description Why it could not be processed. */
            reason: string;
            /**
             * Format: int64
             * @description Its position in that stream.
             */
            sequence: number;
            /** @description Bytes of the payload. */
            sizeBytes: number;
            /** @description The subject where it was published first. */
            subject: string;
        };
        /** @description A line of a source. */
        LineView: {
            /**
             * Format: int32
             * @description From 1.
             */
            number: number;
            /** @description At most 400 bytes. */
            text: string;
        };
        /** @description Public links. */
        LinkList: {
            /** @description Those that have not expired, newest first. */
            links: components["schemas"]["LinkView"][];
        };
        /** @description A public link to the recording of one session. */
        LinkView: {
            /**
             * Format: int64
             * @description Milliseconds since the epoch.
             */
            createdAt: number;
            /** @description Id of the user or the key that made it. */
            createdBy: string;
            /**
             * Format: int64
             * @description When it stops working, milliseconds since the epoch.
             */
            expiresAt: number;
            /**
             * Format: int64
             * @description The first moment that is shown, milliseconds since the epoch; null: the beginning.
             */
            from?: number | null;
            /** @description Id of the link. */
            id: string;
            /** @description Whether texts and pictures are left out. */
            isMasked: boolean;
            /**
             * Format: int64
             * @description When it was last opened, milliseconds since the epoch; null: never.
             */
            lastOpenedAt?: number | null;
            /**
             * Format: int64
             * @description How often it was opened.
             */
            opened: number;
            /** @description The session's `id`. */
            sessionId: string;
            /**
             * Format: int64
             * @description The last moment; null: the end.
             */
            to?: number | null;
        };
        /** @description One sign-in. */
        ListedSignIn: {
            /** @description Where it began; null when unknown. */
            address?: string | null;
            /**
             * Format: int64
             * @description When it began, milliseconds since the epoch.
             */
            createdAt: number;
            /**
             * Format: int64
             * @description When it ends, milliseconds since the epoch.
             */
            expiresAt: number;
            /** @description Id of the sign-in. */
            id: string;
            /** @description Whether it is the one of this request. */
            isCurrent: boolean;
            /** @description The `User-Agent` header, shortened. */
            userAgent?: string | null;
        };
        /** @description A link to make. */
        MakeLink: {
            /**
             * Format: int32
             * @description For how many hours the link works: 1 to 720.
             */
            expiresInHours: number;
            /**
             * Format: int64
             * @description The first moment that is shown, milliseconds since the epoch. Default: the beginning.
             */
            from?: number | null;
            /**
             * @description Whether texts and pictures are left out. Default: true. False needs the setting
             *     `publicLinks: any`.
             */
            isMasked?: boolean;
            /**
             * @description A session's `id`, or the SDK's `sessionId`, which means its latest generation. The session
             *     must be over and have a recording.
             */
            sessionId: string;
            /**
             * Format: int64
             * @description The last moment. Default: the end.
             */
            to?: number | null;
        };
        /** @description A user of an organization. */
        MemberView: {
            /**
             * Format: int64
             * @description Milliseconds since the epoch.
             */
            createdAt: number;
            /**
             * Format: int64
             * @description Milliseconds since the epoch; null while the user may sign in.
             */
            disabledAt?: number | null;
            /** @description The e-mail address. */
            email: string;
            /** @description Id of the user. */
            id: string;
            /** @description The name. */
            name: string;
            /** @description `owner`, `admin`, `member` or `marketing`. */
            role: string;
        };
        /** @description Percentiles of a metric. */
        Metric: {
            /**
             * Format: int64
             * @description Measurements.
             */
            count: number;
            /** @description `LCP`, `CLS`, `INP`, `TTFB`, `FCP` or `load`. */
            name: string;
            /**
             * Format: double
             * @description Median. Null without measurements, like the other percentiles.
             */
            p50?: number | null;
            /**
             * Format: double
             * @description 75th percentile.
             */
            p75?: number | null;
            /**
             * Format: double
             * @description 95th percentile.
             */
            p95?: number | null;
            rating?: null | components["schemas"]["Rating"];
            /** @description `ms`, or `score` for CLS. */
            unit: string;
        };
        /** @description Interactions in one minute. */
        MinuteView: {
            /**
             * Format: int64
             * @description Number of events.
             */
            count: number;
            /**
             * Format: int64
             * @description Its start, milliseconds since the epoch.
             */
            t: number;
        };
        /** @description A new invitation, with the token of its link. */
        NewInvitation: components["schemas"]["InvitationView"] & {
            /** @description Whether the link was mailed. If not, pass it on. */
            isMailed: boolean;
            /** @description The link is the dashboard's address with `#/accept/` and this. It is shown only here. */
            token: string;
        };
        /** @description A new key. */
        NewKey: components["schemas"]["KeyView"] & {
            /** @description The key with its secret. It is shown only here. */
            key: string;
        };
        /** @description A new public link, with its token. */
        NewLink: components["schemas"]["LinkView"] & {
            /** @description The link is the dashboard's address with `/shared.html#` and this. It is shown only here. */
            token: string;
        };
        /** @description A note to add. */
        NewNote: {
            /**
             * Format: int64
             * @description The moment of the session, milliseconds since the epoch. One outside of the session moves to
             *     its beginning or its end.
             */
            at: number;
            /** @description What it says: 1 to 2,000 characters. */
            text: string;
        };
        /** @description A passkey to add. */
        NewPasskey: {
            /** @description The device's answer, from `PublicKeyCredential.toJSON`. */
            credential: Record<string, never>;
            /** @description The name of the passkey, such as that of the device: 1 to 100 characters. */
            name: string;
            /** @description From the challenge. */
            token: string;
        };
        /** @description A tag to add. */
        NewTag: {
            /** @description 1 to 40 characters, without control characters and `/`. Capitals become small letters. */
            tag: string;
        };
        /** @description A webhook with its secret. */
        NewWebhook: components["schemas"]["WebhookView"] & {
            /** @description What verifies signatures: `whsec_…`. It is shown only here; null for Slack. */
            secret?: string | null;
        };
        /** @description The newest import from a site. */
        NewestSiteImport: {
            import?: null | components["schemas"]["SiteImportView"];
        };
        /** @description Notes of a session. */
        NoteList: {
            /** @description By the moment that they are about, at most 200. */
            notes: components["schemas"]["NoteView"][];
        };
        /** @description A note about a moment of a session. */
        NoteView: {
            /**
             * Format: int64
             * @description The moment, milliseconds since the epoch.
             */
            at: number;
            /** @description Id of the user or the key that wrote it. */
            authorId: string;
            /** @description Name of the user; null: a key wrote it, or the user is gone. */
            authorName?: string | null;
            /**
             * Format: int64
             * @description Milliseconds since the epoch.
             */
            createdAt: number;
            /** @description Id of the note. */
            id: string;
            /** @description Whether the caller wrote it. */
            isOwn: boolean;
            /** @description What it says. */
            text: string;
            /**
             * Format: int64
             * @description Milliseconds since the epoch.
             */
            updatedAt: number;
        };
        /** @description A page of notifications. */
        NotificationList: {
            /** @description Send it as `cursor` for the next page; null on the last page. */
            nextCursor?: string | null;
            /** @description Newest first. */
            notifications: components["schemas"]["NotificationView"][];
            /**
             * Format: int64
             * @description How many are unread, on all pages.
             */
            unread: number;
        };
        /** @description What a user is told of. */
        NotificationView: {
            /**
             * Format: int64
             * @description When it happened, milliseconds since the epoch.
             */
            createdAt: number;
            /** @description Ids and times, by name. Which ones depends on the kind. */
            fields: {
                [key: string]: string;
            };
            /** @description Its id. */
            id: string;
            /**
             * @description `role_changed`, `key_expires`, `key_expired`, `dead_letters`, `erasure_complete`,
             *     `webhook_disabled`; later versions may have more.
             */
            kind: string;
            /**
             * Format: int64
             * @description When it was marked as read; null: not yet.
             */
            readAt?: number | null;
        };
        /** @description Counted, never estimated. */
        Numbers: {
            /**
             * Format: int64
             * @description Robots; they count nowhere else.
             */
            bots: number;
            /** @description By day, UTC, without days that have none. */
            days: components["schemas"]["DayCount"][];
            /** @description By the furthest step, the furthest first. */
            intents: components["schemas"]["Counted"][];
            /**
             * Format: int64
             * @description The same in the range before, which is as long.
             */
            previousTotal: number;
            /** @description The products of most interactions; null when there are too many to count. */
            products?: components["schemas"]["ProductCount"][] | null;
            /** @description By tag, most frequent first. */
            tags: components["schemas"]["Counted"][];
            /**
             * Format: int64
             * @description Interactions without robots.
             */
            total: number;
        };
        /** @description An open invitation, for whoever has its link. */
        OpenInvitation: {
            /** @description The e-mail address; null: the first user says it. */
            email?: string | null;
            /**
             * Format: int64
             * @description When it stops working, milliseconds since the epoch.
             */
            expiresAt: number;
            /** @description The organization; null: the first user of the installation names it. */
            organizationId?: string | null;
            /** @description `join` makes an account; `password` sets the password of an account. */
            purpose: string;
            /** @description `owner`, `admin`, `member` or `marketing`. */
            role: string;
        };
        /** @description What an organization decides about its data. */
        OrganizationSettings: {
            /**
             * @description Hosts whose pictures and fonts are stored for replays, in lower case, such as
             *     `cdn.shop.example`. Empty: any.
             * @default []
             */
            assetHosts: string[];
            /** @default anonymous */
            consentSignals: components["schemas"]["SignalPolicy"];
            /** @default keep */
            ipAddress: components["schemas"]["AddressPolicy"];
            /**
             * @description How errors are grouped into issues: the first rule whose conditions all hold decides. They
             *     apply to errors that are stored from then on.
             * @default []
             */
            issueRules: components["schemas"]["IssueRule"][];
            /**
             * @description Pages of the dashboard that users with the role `marketing` may open, and the routes behind
             *     them. Empty: none. Absent: all.
             * @default null
             */
            marketingPages: components["schemas"]["DashboardPage"][] | null;
            /** @default masked */
            publicLinks: components["schemas"]["PublicLinks"];
            /**
             * @default {
             *       "enabled": true,
             *       "sampleRate": 1
             *     }
             */
            recording: components["schemas"]["RecordingSettings"];
            /**
             * @default {
             *       "eventsDays": null,
             *       "hold": false,
             *       "recordingsDays": null,
             *       "sessionsDays": null
             *     }
             */
            retention: components["schemas"]["RetentionSettings"];
            /**
             * @default {
             *       "card": false,
             *       "email": false,
             *       "iban": false,
             *       "phone": false,
             *       "queryParameters": [],
             *       "secrets": false
             *     }
             */
            scrubbing: components["schemas"]["ScrubbingSettings"];
            /**
             * @description Where people find the trace of a request: an address with `{traceId}`, such as
             *     `https://traces.shop.example/trace/{traceId}`. Absent: requests have no link.
             * @default null
             */
            traceLink: string | null;
        };
        /** @description Where the code of a frame is from. It is what whoever uploaded the map said. */
        OriginalView: {
            /**
             * Format: int32
             * @description From 1.
             */
            column: number;
            /** @description The line, with up to five before and after it; empty: the map has no source. */
            context: components["schemas"]["LineView"][];
            /** @description The innermost named function around it; empty: unknown. */
            function: string;
            /**
             * Format: int32
             * @description From 1.
             */
            line: number;
            /** @description The name of the source. */
            source: string;
        };
        /** @description Totals of a range and of the one before. */
        Overview: {
            /** @description Totals of the previous range of the same length. */
            previous: components["schemas"]["Totals"];
            /** @description The previous range by time. */
            previousSeries: components["schemas"]["OverviewPoint"][];
            /** @description By time. */
            series: components["schemas"]["OverviewPoint"][];
            /** @description Totals of the range. */
            totals: components["schemas"]["Totals"];
        };
        /** @description Numbers of a bucket. */
        OverviewPoint: {
            /**
             * Format: int64
             * @description Their page views.
             */
            pageviews: number;
            /**
             * Format: int64
             * @description Sessions that began in it.
             */
            sessions: number;
            /**
             * Format: int64
             * @description Its start, milliseconds since the epoch.
             */
            t: number;
            /**
             * Format: int64
             * @description Distinct visitors of these sessions.
             */
            visitors: number;
        };
        /** @description A page. */
        PageRow: {
            /** @description Path of its URL. */
            page: string;
            /**
             * Format: int64
             * @description Page views.
             */
            pageviews: number;
        };
        /** @description A page's 75th percentiles. */
        PageVitals: {
            /**
             * Format: double
             * @description Cumulative layout shift.
             */
            CLS?: number | null;
            /**
             * Format: double
             * @description Interaction to next paint, ms.
             */
            INP?: number | null;
            /**
             * Format: double
             * @description Largest contentful paint, ms; null without measurements, as the others.
             */
            LCP?: number | null;
            /**
             * Format: int64
             * @description Measurements.
             */
            count: number;
            /** @description Path of the page. */
            page: string;
        };
        /** @description Pages. */
        Pages: {
            /** @description Most sessions first. */
            rows: components["schemas"]["PageRow"][];
        };
        /** @description A value, and how often the issue occurs with it. */
        PartView: {
            /**
             * Format: int64
             * @description Occurrences.
             */
            count: number;
            /**
             * Format: int64
             * @description Sessions.
             */
            sessions: number;
            /** @description The value; empty: unknown. */
            value: string;
        };
        /** @description A partition. */
        PartitionView: {
            /**
             * Format: int64
             * @description Position in its stream up to which effects are committed.
             */
            checkpoint: number;
            /**
             * Format: int64
             * @description Grows with each owner.
             */
            epoch: number;
            /**
             * Format: int64
             * @description Its number.
             */
            id: number;
            /**
             * Format: int64
             * @description Messages not processed yet; null when the bus does not respond.
             */
            lag?: number | null;
            /**
             * Format: int64
             * @description When the lease expires unless it is renewed, milliseconds since the epoch.
             */
            leaseUntil: number;
            /** @description The keeper that owns it; null when it has no owner. */
            owner?: string | null;
        };
        /** @description What a device is asked. */
        PasskeyChallenge: {
            /**
             * @description `{"publicKey": …}`. A browser parses `publicKey` with `PublicKeyCredential.parseCreationOptionsFromJSON` or
             *     `parseRequestOptionsFromJSON`.
             */
            options: Record<string, never>;
            /** @description Send it with the answer. It is good for one answer. */
            token: string;
        };
        /** @description The passkeys of a user. */
        PasskeyList: {
            /** @description Oldest first, at most 10. */
            passkeys: components["schemas"]["PasskeyView"][];
        };
        /** @description A passkey. */
        PasskeyView: {
            /**
             * Format: int64
             * @description Milliseconds since the epoch.
             */
            createdAt: number;
            /** @description Id of the passkey. */
            id: string;
            /**
             * Format: int64
             * @description When somebody last signed in with it, milliseconds since the epoch; null: never.
             */
            lastUsedAt?: number | null;
            /** @description Its name. */
            name: string;
        };
        /** @description A new link that sets a password. */
        PasswordLink: {
            /**
             * Format: int64
             * @description When it stops working, milliseconds since the epoch.
             */
            expiresAt: number;
            /** @description Whether the link was mailed. If not, pass it on. */
            isMailed: boolean;
            /** @description The link is the dashboard's address with `#/accept/` and this. It is shown only here. */
            token: string;
        };
        /** @description A page of people. */
        PeopleList: {
            /**
             * @description Send it as `cursor` for the next page; null on the last page. A page may have fewer people than
             *     asked for, even none, and still not be the last.
             */
            nextCursor?: string | null;
            /** @description The newest session first. */
            people: components["schemas"]["PersonView"][];
        };
        /** @description One person. Times are milliseconds since the epoch. */
        PersonDetailView: {
            /** @description The browsers of a user, at most 100. Sessions in them that name no user belong to this one. */
            browsers: string[];
            /** @description Countries in the newest 1,000 sessions, at most 20. */
            countries: components["schemas"]["PersonPartView"][];
            /** @description Device, browser and operating system in the newest 1,000 sessions, at most 20. */
            devices: components["schemas"]["PersonPartView"][];
            /**
             * Format: int64
             * @description Errors.
             */
            errors: number;
            /**
             * Format: int64
             * @description Events.
             */
            events: number;
            /**
             * Format: int64
             * @description When the first session began.
             */
            firstSeenAt: number;
            /**
             * Format: int64
             * @description When the first session began that names the user; null for a visitor.
             */
            identifiedAt?: number | null;
            /**
             * Format: int64
             * @description Interactions: finished sessions in words.
             */
            interactions: number;
            /** @description `user` or `visitor`. A visitor whose user is known is that user. */
            kind: string;
            /**
             * Format: int64
             * @description The time of the last event.
             */
            lastSeenAt: number;
            /**
             * Format: int64
             * @description Page views.
             */
            pageviews: number;
            /**
             * Format: int64
             * @description Sessions.
             */
            sessions: number;
            /**
             * @description By name, the latest value of each in the newest 1,000 sessions. What clients send is not to be
             *     trusted.
             */
            traits: components["schemas"]["TraitView"][];
            /** @description Of a user. */
            userId?: string | null;
            /** @description Of a visitor of whom no user is known. */
            visitorId?: string | null;
        };
        /** @description A value, and how many sessions have it. */
        PersonPartView: {
            /** @description The value. */
            name: string;
            /**
             * Format: int64
             * @description Sessions.
             */
            sessions: number;
        };
        /** @description A person in a list, as of the newest session that names the person. */
        PersonView: {
            /** @description Name of the browser. */
            browser?: string | null;
            /** @description ISO 3166-1 alpha-2. */
            country?: string | null;
            /** @description desktop, mobile, tablet, tv, console or bot. */
            deviceType?: string | null;
            /** @description `user` or `visitor`. */
            kind: string;
            /**
             * Format: int64
             * @description The time of the last event, milliseconds since the epoch.
             */
            lastSeenAt: number;
            /** @description Name of the operating system. */
            os?: string | null;
            /** @description Row id of the newest session. */
            sessionId: string;
            /** @description What the client last said about the user. */
            traits?: Record<string, never> | null;
            /** @description Of a user the id; null for a visitor. */
            userId?: string | null;
            /** @description The browser of the newest session. */
            visitorId?: string | null;
        };
        /** @description What interactions of a range say about products. */
        ProductActivity: {
            /**
             * Format: int64
             * @description Milliseconds since the epoch.
             */
            from: number;
            /** @description Those of most interactions, 100 at most; null when there are too many combinations to count. */
            products?: components["schemas"]["ActiveProduct"][] | null;
            /**
             * Format: int64
             * @description Not included.
             */
            to: number;
        };
        /** @description Interactions about a product. */
        ProductCount: {
            /**
             * Format: int64
             * @description Those that ended in the cart or in the checkout.
             */
            abandoned: number;
            /**
             * Format: int64
             * @description Interactions about it.
             */
            count: number;
            /** @description As pages gave it: not to be trusted. */
            id: string;
            /**
             * Format: int64
             * @description Those with a purchase.
             */
            purchased: number;
        };
        /** @description A page of products. */
        ProductList: {
            /** @description Send it as `cursor` for the next page; null on the last page, and of a search by meaning. */
            nextCursor?: string | null;
            /** @description By name; of a search by meaning, the most similar first. */
            products: components["schemas"]["ProductView"][];
        };
        /** @description A product. */
        ProductView: {
            /** @description What kind of product it is. */
            category?: string | null;
            /**
             * Format: int64
             * @description When it was created, milliseconds since the epoch.
             */
            createdAt: number;
            /** @description ISO 4217. */
            currency?: string | null;
            /** @description What the shop calls it in events. */
            id: string;
            /** @description The address of a picture. */
            imageUrl?: string | null;
            /** @description Its name. */
            name: string;
            /** @description The tenant. */
            organizationId: string;
            /** @description The path of `url`, by which visits are recognised. */
            path?: string | null;
            /**
             * Format: int64
             * @description In minor units of the currency, such as cents.
             */
            priceMinor?: number | null;
            /**
             * Format: float
             * @description Only of a search by meaning: the cosine, from -1 to 1. The nearer to 1, the more similar. Missing when
             *     only the words were found.
             */
            similarity?: number | null;
            /** @description Stock keeping unit. */
            sku?: string | null;
            /**
             * Format: int64
             * @description When it was changed.
             */
            updatedAt: number;
            /** @description The canonical address of its page. */
            url?: string | null;
        };
        /** @description An OpenID Connect provider. */
        ProviderView: {
            /** @description The text of the button. */
            name: string;
            /** @description Where the button leads. `?next=/app/…` names the page to return to. */
            startUrl: string;
        };
        /**
         * @description Which public links to recordings an organization allows.
         * @enum {string}
         */
        PublicLinks: "off" | "masked" | "any";
        /** @description Number of measurements per rating. */
        Rating: {
            /**
             * Format: int64
             * @description Good.
             */
            good: number;
            /**
             * Format: int64
             * @description Needs improvement.
             */
            needsImprovement: number;
            /**
             * Format: int64
             * @description Poor.
             */
            poor: number;
        };
        /** @description What an erasure found and removed in a store. */
        ReceiptView: {
            /**
             * Format: int64
             * @description Keys, rows, objects or messages that held something.
             */
            found: number;
            /**
             * Format: int64
             * @description How many of them are gone, or hold nothing that can be read.
             */
            removed: number;
            /** @description `keys`, `rows`, `objects`, `event_streams`, `dead_letters` or `announcements`. */
            store: string;
            /**
             * Format: int64
             * @description When nothing was found any more, milliseconds since the epoch; null: not yet.
             */
            verifiedAt?: number | null;
        };
        /** @description What to look at, and how to list it. */
        Recommendation: {
            /**
             * Format: int64
             * @description How many there are.
             */
            count: number;
            /** @description The filter `tag` of the list that shows the interactions. */
            tag: string;
            /** @description What to do. */
            text: string;
        };
        /** @description Which sessions are recorded. */
        RecordingSettings: {
            /**
             * @description Whether recordings are stored at all.
             * @default true
             */
            enabled: boolean;
            /**
             * Format: double
             * @description Share of sessions whose recording is stored, 0 to 1. The session id decides, so a session is
             *     recorded as a whole or not.
             * @default 1
             */
            sampleRate: number;
        };
        /** @description The name of a passkey. */
        RenamePasskey: {
            /** @description 1 to 100 characters. */
            name: string;
        };
        /** @description The fields of a product. What is left out is removed. */
        ReplaceProduct: {
            /** @description What kind of product it is: at most 200 characters. */
            category?: string | null;
            /** @description ISO 4217. Needed with a price. */
            currency?: string | null;
            /** @description The address of a picture: at most 2,000 characters. */
            imageUrl?: string | null;
            /** @description Its name: 1 to 300 characters. */
            name: string;
            /**
             * Format: int64
             * @description In minor units of `currency`, such as cents.
             */
            priceMinor?: number | null;
            /** @description Stock keeping unit: at most 128 characters. */
            sku?: string | null;
            /** @description The canonical address of its page: at most 2,000 characters. */
            url?: string | null;
        };
        /** @description How many people return. */
        Retention: {
            /** @description By value, those with the most people first, at most ten; empty unless asked for. */
            breakdown: components["schemas"]["RetentionBreakdown"][];
            /** @description Oldest first. */
            cohorts: components["schemas"]["Cohort"][];
        };
        /** @description How long data is kept. */
        RetentionSettings: {
            /**
             * Format: int32
             * @description Days from its last event after which the events of a session are removed, with its recording.
             *     It stays in lists and in analytics. Absent: as long as the session.
             * @default null
             */
            eventsDays: number | null;
            /**
             * @description A legal hold: nothing is erased because of its age.
             * @default false
             */
            hold: boolean;
            /**
             * Format: int32
             * @description Days from its last event after which the recording of a session is removed. Its events stay.
             *     Absent: as long as the events.
             * @default null
             */
            recordingsDays: number | null;
            /**
             * Format: int32
             * @description Days from its last event after which a session is erased. Absent: never.
             * @default null
             */
            sessionsDays: number | null;
        };
        /** @description An alert to store. */
        SaveAlert: {
            /** @description Whether it is evaluated. Default: true. */
            isEnabled?: boolean | null;
            /** @description Its name: 1 to 100 characters. */
            name: string;
            /** @description What is watched, and when it is told. */
            rule: components["schemas"]["AlertRule"];
            /** @description Whom to tell: at most 10. */
            targets?: components["schemas"]["AlertTarget"][];
            /** @description Whether to tell when the condition does not hold any more. */
            tellsResolved?: boolean;
        };
        /** @description Something that holds of a person or not. */
        PersonTest: {
            /**
             * Format: int64
             * @description Of `firstSeen` and `lastSeen`: at or after this, milliseconds since the epoch.
             */
            after?: number | null;
            /**
             * Format: int64
             * @description Of `firstSeen` and `lastSeen`: before this, milliseconds since the epoch.
             */
            before?: number | null;
            /**
             * Format: int32
             * @description Of `sessions` and `events`: only in the last so many days. Default: those of the cohort.
             */
            days?: number | null;
            /** @description Of `events`: the name of a custom event. */
            name?: string | null;
            /** @description The test holds if the rest does not. */
            not?: boolean;
            /** @description What is looked at. */
            of: components["schemas"]["TestOf"];
            /**
             * Format: int32
             * @description Of `sessions` and `events`: at least so many. Default: 1.
             */
            times?: number | null;
            /** @description Of `events`: the type. */
            type?: string | null;
            /** @description Of `sessions`: conditions that one session fits, as in `where`, without `cohort`. */
            where?: Record<string, never>[][] | null;
        };
        /**
         * @description What a test looks at.
         * @enum {string}
         */
        TestOf: "sessions" | "events" | "firstSeen" | "lastSeen";
        /**
         * @description Who takes the steps of a funnel.
         * @enum {string}
         */
        FunnelBy: "session" | "person";
        /** @description The people with one value. */
        RetentionBreakdown: {
            /** @description Oldest first. */
            cohorts: components["schemas"]["Cohort"][];
            /** @description The value; `(none)` means unknown. */
            value: string;
        };
        /** @description Who belongs to a cohort: people with a session in the last `days` days of whom all groups hold. A
         *     group holds if one of its tests does. */
        CohortDefinition: {
            /**
             * Format: int32
             * @description Only sessions that began in the last so many days are looked at, up to now. Default: 90.
             * @default 90
             */
            days: number;
            /** @description The groups, with ten tests at most. Without groups everybody fits. */
            groups?: components["schemas"]["PersonTest"][][];
        };
        /** @description Cohorts. */
        CohortList: {
            /** @description One's own and those that others share, by name. */
            cohorts: components["schemas"]["CohortView"][];
        };
        /** @description A cohort. */
        CohortView: {
            /**
             * Format: int64
             * @description Milliseconds since the epoch.
             */
            createdAt: number;
            /** @description Id of the user or the key that saved it. */
            createdBy: string;
            definition?: null | components["schemas"]["CohortDefinition"];
            /** @description Its id: the value of the field `cohort` in conditions. */
            id: string;
            /** @description Whether it is one's own. */
            isOwn: boolean;
            /** @description Whether it is in everybody's list. */
            isShared: boolean;
            /** @description Its name. */
            name: string;
            /**
             * Format: int64
             * @description Milliseconds since the epoch.
             */
            updatedAt: number;
        };
        /** @description A filter to save. */
        SaveFilter: {
            /** @description Whether everybody in the organization sees it. */
            isShared?: boolean;
            /** @description Its name: 1 to 100 characters. One's names are unique. */
            name: string;
            /** @description The parameters of the list, such as `country=DE&errors=true`: at most 4,096 bytes. */
            query: string;
        };
        /** @description How many sessions scrolled this far. */
        ScrollDepth: {
            /**
             * Format: int32
             * @description Percent of the page.
             */
            depth: number;
            /**
             * Format: int64
             * @description Sessions.
             */
            sessions: number;
        };
        /** @description What is replaced by `*` in texts of pages, in inputs, in URLs and in data of events. */
        ScrubbingSettings: {
            /**
             * @description Numbers of payment cards.
             * @default false
             */
            card: boolean;
            /**
             * @description E-mail addresses.
             * @default false
             */
            email: boolean;
            /**
             * @description International bank account numbers.
             * @default false
             */
            iban: boolean;
            /**
             * @description Telephone numbers.
             * @default false
             */
            phone: boolean;
            /**
             * @description Query parameters of URLs whose values are replaced; upper and lower case are the same.
             * @default []
             */
            queryParameters: string[];
            /**
             * @description JSON web tokens, API keys of CROW and of well-known services, and private keys.
             * @default false
             */
            secrets: boolean;
        };
        /** @description The SDK that recorded a session. */
        SdkView: {
            /** @description Name. */
            name?: string | null;
            /** @description web, react-native, electron … */
            platform?: string | null;
            /** @description Version. */
            version?: string | null;
        };
        /** @description A page of sessions. */
        SessionList: {
            /** @description Send it as `cursor` for the next page; null on the last page. */
            nextCursor?: string | null;
            /** @description Newest first. */
            sessions: components["schemas"]["SessionView"][];
        };
        /** @description Tags of a session. */
        SessionTags: {
            /** @description In the order of the alphabet. */
            tags: string[];
        };
        /** @description One visit. Times are milliseconds since the epoch. */
        SessionView: {
            /** @description Name of the browser. */
            browser?: string | null;
            consent?: null | components["schemas"]["ConsentView"];
            /** @description ISO 3166-1 alpha-2. */
            country?: string | null;
            /** @description Counts of what happened. */
            counts: components["schemas"]["CountsView"];
            /** @description desktop, mobile, tablet, tv, console or bot. */
            deviceType?: string | null;
            /**
             * Format: int64
             * @description From the start to the end, or to the last activity while it is open.
             */
            durationMs: number;
            /** @description `idle`, `ended`, `max_duration` or `erased`; null while the session is open. */
            endReason?: string | null;
            /**
             * Format: int64
             * @description When it ended; null while it is open.
             */
            endedAt?: number | null;
            /** @description What the client sent when it ended the session. */
            exitContext?: Record<string, never> | null;
            /** @description The last page. */
            exitUrl?: string | null;
            /** @description Missing batches. */
            gaps: components["schemas"]["Gap"][];
            /**
             * Format: int32
             * @description Number of the generation under this session id, from 0.
             */
            generation: number;
            /** @description All generations of this session id, latest first; absent in lists. */
            generations?: components["schemas"]["GenerationView"][] | null;
            /** @description Whether it has a recording. */
            hasReplay: boolean;
            /** @description The visit. */
            id: string;
            /** @description The first page. */
            initialUrl?: string | null;
            /** @description Whole, truncated or absent, by policy. */
            ipAddress?: string | null;
            /** @description Whether the user agent is a known robot. */
            isBot: boolean;
            /** @description Whether the caller has watched it. Absent where `tags` is. */
            isWatched?: boolean | null;
            /**
             * Format: int64
             * @description Time of the visitor's last activity.
             */
            lastActivityAt: number;
            /**
             * Format: int64
             * @description Time of its newest event.
             */
            lastEventAt: number;
            /** @description Whether one of its pages is open, or was within the last minute. */
            live: boolean;
            /**
             * Format: int64
             * @description When it stops being live, unless a page reports again; null once it is over.
             */
            liveUntil?: number | null;
            /** @description BCP 47 language tag. */
            locale?: string | null;
            /**
             * Format: int64
             * @description Percent of the page height, 0 to 100.
             */
            maxScrollDepth: number;
            /** @description The tenant. */
            organizationId: string;
            /** @description Name of the operating system. */
            os?: string | null;
            /** @description Where the visitor came from. */
            referrer?: string | null;
            /**
             * @description What retention or an anonymizing took from it: `recording`; `events`, with the recording;
             *     `identity`, with both. Null: nothing.
             */
            removed?: string | null;
            /**
             * Format: int32
             * @description Grows each time the ended session receives late data.
             */
            revision: number;
            /** @description `width`x`height` of the screen in CSS pixels. */
            screen?: string | null;
            /** @description The SDK that recorded it. */
            sdk: components["schemas"]["SdkView"];
            /** @description The SDK's session id. */
            sessionId: string;
            /**
             * Format: int64
             * @description Time of its first event.
             */
            startedAt: number;
            /** @description `open` or `closed`. */
            status: string;
            /** @description Its tags, in the order of the alphabet. Absent in live changes and without the scope `read`. */
            tags?: string[] | null;
            /** @description IANA time zone. */
            timezone?: string | null;
            /** @description What the client last said about the user. */
            traits?: Record<string, never> | null;
            /** @description The `User-Agent` header. */
            userAgent?: string | null;
            /** @description The last user id that the client gave. */
            userId?: string | null;
            /** @description `width`x`height` of the viewport in CSS pixels. */
            viewport?: string | null;
            /** @description The visitor id: the SDK's id of the browser, which lasts across visits. */
            visitorId?: string | null;
            /** @description Tabs and app windows. */
            windows: components["schemas"]["Window"][];
        };
        /** @description The settings of an organization. */
        SettingsView: {
            /** @description All settings. */
            settings: components["schemas"]["OrganizationSettings"];
            /**
             * Format: int64
             * @description When they were changed, milliseconds since the epoch; null: never.
             */
            updatedAt?: number | null;
            /** @description The id of the key that changed them; null: never changed. */
            updatedBy?: string | null;
            /**
             * Format: int64
             * @description Send it with a change. It grows with each change; 0: never changed.
             */
            version: number;
        };
        /** @description What a public link shows. */
        SharedView: {
            /**
             * Format: int64
             * @description When the link stops working, milliseconds since the epoch.
             */
            expiresAt: number;
            /**
             * Format: int64
             * @description The first moment, milliseconds since the epoch.
             */
            from: number;
            /** @description Batches that never arrived. */
            gaps: components["schemas"]["Gap"][];
            /** @description Whether texts and pictures are left out. */
            isMasked: boolean;
            /**
             * Format: int64
             * @description The last moment.
             */
            to: number;
        };
        /** @description A passkey to sign in with. */
        SignInByPasskey: {
            /** @description The device's answer, from `PublicKeyCredential.toJSON`. */
            credential: Record<string, never>;
            /** @description From the challenge. */
            token: string;
        };
        /** @description An account to sign in with. */
        SignInByPassword: {
            /** @description The e-mail address; case does not matter. */
            email: string;
            /** @description The password. */
            password: string;
        };
        /** @description The sign-ins of a user. */
        SignInList: {
            /** @description Newest first, at most 200. */
            signIns: components["schemas"]["ListedSignIn"][];
        };
        /** @description A sign-in. */
        SignInView: {
            /** @description Send it as `X-Crow-CSRF` with every request except GET. */
            csrfToken: string;
            /**
             * Format: int64
             * @description When it expires, milliseconds since the epoch.
             */
            expiresAt: number;
            /** @description Where browsers reach the gateway; null when unknown. */
            gatewayUrl?: string | null;
            /** @description First characters of the key; null without one. */
            keyPrefix?: string | null;
            /** @description The organization of the key or user. */
            organizationId: string;
            /**
             * @description Pages of the dashboard that the organization opens to the role `marketing`; null: all, and
             *     with any other role.
             */
            pages?: components["schemas"]["DashboardPage"][] | null;
            /** @description `owner`, `admin`, `member` or `marketing`; null with a key. */
            role?: string | null;
            /** @description What the key or user may do. */
            scopes: string[];
            /** @description The setting `traceLink` of the organization. */
            traceLink?: string | null;
            user?: null | components["schemas"]["UserView"];
        };
        /**
         * @description What `Sec-GPC: 1` and `DNT: 1` of a browser mean.
         * @enum {string}
         */
        SignalPolicy: "drop" | "anonymous" | "ignore";
        /** @description Why something was left out. */
        SiteImportProblem: {
            /** @description The field of the product. */
            field?: string | null;
            /** @description What is wrong. */
            message: string;
            /**
             * Format: int64
             * @description The number of the product on the page, from 1; null: it is about the page.
             */
            product?: number | null;
            /** @description The page. */
            url: string;
        };
        /** @description An import from a site. */
        SiteImportView: {
            /**
             * Format: int64
             * @description New products; known when it is done.
             */
            created: number;
            /**
             * Format: int64
             * @description When it was asked for, milliseconds since the epoch.
             */
            createdAt: number;
            /**
             * Format: int64
             * @description Products and pages that were left out.
             */
            failed: number;
            /** @description Why it failed. */
            failure?: string | null;
            /**
             * Format: int64
             * @description When it ended.
             */
            finishedAt?: number | null;
            /** @description Id of the import. */
            id: string;
            /**
             * Format: int64
             * @description Pages that were found so far.
             */
            pagesFound: number;
            /**
             * Format: int64
             * @description Those that were read, or could not be.
             */
            pagesRead: number;
            /** @description Why, the first 100. */
            problems: components["schemas"]["SiteImportProblem"][];
            /** @description `waiting`, `running`, `done`, `failed` or `cancelled`. */
            state: string;
            /**
             * Format: int64
             * @description Those that were the same before.
             */
            unchanged: number;
            /**
             * Format: int64
             * @description Changed ones.
             */
            updated: number;
            /** @description Where it starts. */
            url: string;
        };
        /** @description When a recording shows the page. */
        Snapshot: {
            /**
             * Format: int64
             * @description Milliseconds since the epoch.
             */
            at: number;
            /** @description The session. */
            id: string;
        };
        /** @description A page of source maps. */
        SourceMapList: {
            /** @description Send it as `cursor` for the next page; null on the last page. */
            nextCursor?: string | null;
            /** @description The newest first. */
            sourceMaps: components["schemas"]["SourceMapView"][];
        };
        /** @description A source map of an organization. Its content is never in an answer. */
        SourceMapView: {
            /**
             * Format: int64
             * @description Bytes of the map.
             */
            bytes: number;
            /** @description The debug id of the script. */
            debugId?: string | null;
            /** @description SHA-256 of the map, hexadecimal. */
            hash: string;
            /** @description Its id. */
            id: string;
            /** @description The path of the script's address. */
            path: string;
            /** @description The version of the page. */
            release: string;
            /**
             * Format: int64
             * @description When it was uploaded, milliseconds since the epoch.
             */
            uploadedAt: number;
            /** @description Id of the user or key. */
            uploadedBy: string;
            /** @description Who uploaded it: `user`, `key` or `system`. */
            uploadedKind: string;
        };
        /** @description The stack of one occurrence. */
        StackView: {
            /**
             * Format: int64
             * @description When, milliseconds since the epoch.
             */
            at: number;
            /** @description The innermost first, at most 60. */
            frames: components["schemas"]["FrameView"][];
            /** @description Scripts of the page's own code without a source map, by address. */
            missingMaps: string[];
            /** @description The version of the page; empty: unknown. */
            release: string;
            /** @description The `id` of its session. */
            sessionId: string;
            /** @description As the browser wrote it. */
            text: string;
        };
        /** @description Where to import from. */
        StartSiteImport: {
            /** @description The address of a page, a sitemap or an index of sitemaps: at most 2,000 characters. */
            url: string;
        };
        /** @description What the organization has stored. */
        StorageView: {
            /**
             * Format: int64
             * @description Bytes of recordings in archives, compressed.
             */
            archiveBytes: number;
            /**
             * Format: int64
             * @description Parts of recordings.
             */
            chunks: number;
            /**
             * Format: int64
             * @description Interactions.
             */
            events: number;
            /**
             * Format: int64
             * @description Bytes of recordings in packs, compressed.
             */
            packBytes: number;
            /**
             * Format: int64
             * @description Sessions.
             */
            sessions: number;
        };
        /** @description Tags of an organization. */
        TagList: {
            /** @description Most used first, at most 200. */
            tags: components["schemas"]["TagView"][];
        };
        /** @description A tag. */
        TagView: {
            /**
             * Format: int64
             * @description How many sessions have it.
             */
            sessions: number;
            /** @description The tag. */
            tag: string;
        };
        /** @description A range of time. */
        TimeRange: {
            /**
             * Format: int64
             * @description Milliseconds since the epoch.
             */
            from: number;
            /**
             * Format: int64
             * @description Milliseconds since the epoch, not included.
             */
            to: number;
        };
        /** @description A main event. */
        TimelineEventView: {
            /**
             * Format: int64
             * @description Milliseconds since the epoch.
             */
            at: number;
            /** @description The name of a custom event. */
            name?: string | null;
            /** @description Its type. */
            type: string;
            /** @description Where it happened. */
            url?: string | null;
        };
        /** @description A session of a person with its main events. */
        TimelineSessionView: {
            /** @description Name of the browser. */
            browser?: string | null;
            /** @description ISO 3166-1 alpha-2. */
            country?: string | null;
            /** @description desktop, mobile, tablet, tv, console or bot. */
            deviceType?: string | null;
            /**
             * Format: int64
             * @description From the start to the end, or to the last activity while it is open.
             */
            durationMs: number;
            /**
             * Format: int64
             * @description Errors.
             */
            errors: number;
            /**
             * Format: int64
             * @description Events.
             */
            events: number;
            /** @description There are more main events. */
            hasMoreEvents: boolean;
            /** @description Whether it has a recording. */
            hasReplay: boolean;
            /** @description Its row id. */
            id: string;
            /** @description The first page. */
            initialUrl?: string | null;
            /** @description It names no user, and began before the first session that does. */
            isBeforeSignIn: boolean;
            /**
             * @description Page views, custom events, submits, product views, errors, rage and dead clicks: at most 50, in
             *     the order of time.
             */
            mainEvents: components["schemas"]["TimelineEventView"][];
            /** @description Name of the operating system. */
            os?: string | null;
            /**
             * Format: int64
             * @description Milliseconds since the epoch.
             */
            startedAt: number;
        };
        /** @description Sessions of a person. */
        TimelineView: {
            /** @description Send it as `cursor` for the next page; null on the last page. */
            nextCursor?: string | null;
            /** @description Newest first. */
            sessions: components["schemas"]["TimelineSessionView"][];
        };
        /** @description The most frequent values. */
        Top: {
            /** @description Most sessions first. */
            rows: components["schemas"]["TopRow"][];
        };
        /** @description How often a value occurs. */
        TopRow: {
            /**
             * Format: int64
             * @description Page views or events. Sessions, for values that a session has only once.
             */
            count: number;
            /**
             * Format: int64
             * @description Sessions with this value.
             */
            sessions: number;
            /** @description The value; `(none)` for sessions without one. */
            value: string;
        };
        /** @description Numbers of a range. */
        Totals: {
            /**
             * Format: int64
             * @description Mean duration of a session.
             */
            avgDurationMs: number;
            /**
             * Format: double
             * @description The share of sessions with at most one page view, 0 to 1.
             */
            bounceRate: number;
            /**
             * Format: int64
             * @description Errors.
             */
            errors: number;
            /**
             * Format: int64
             * @description Interactions.
             */
            events: number;
            /**
             * Format: int64
             * @description Page views.
             */
            pageviews: number;
            /**
             * Format: int64
             * @description Rage clicks.
             */
            rageClicks: number;
            /**
             * Format: int64
             * @description Sessions that began in it.
             */
            sessions: number;
            /**
             * Format: int64
             * @description Distinct people: by user id, else by visitor id, else by session id. A visitor id
             *     that occurs with a user id counts as that user.
             */
            visitors: number;
        };
        /** @description A trait of a user, as `identify` set it. */
        Trait: {
            /** @description Its name. */
            name: string;
            /** @description Its value; numbers and flags as text. */
            value: string;
        };
        /** @description A property of a person. */
        TraitView: {
            /**
             * Format: int64
             * @description When the last session began that sent it.
             */
            at: number;
            /** @description Its name. */
            name: string;
            /** @description Its latest value. */
            value: unknown;
        };
        /** @description What is left. */
        UnreadNotifications: {
            /**
             * Format: int64
             * @description How many of one's notifications are unread.
             */
            unread: number;
        };
        /** @description A day. Sessions, events and interactions that were erased are not counted any more. */
        UsageDay: {
            /**
             * Format: int64
             * @description Their events.
             */
            events: number;
            /**
             * Format: int64
             * @description Interactions that happened on it.
             */
            interactions: number;
            /**
             * Format: int64
             * @description Calls of language models. They are kept for 400 days.
             */
            modelCalls: number;
            /**
             * Format: int64
             * @description Sessions that began on it.
             */
            sessions: number;
            /**
             * Format: int64
             * @description When it begins in UTC, milliseconds since the epoch.
             */
            t: number;
            /**
             * Format: int64
             * @description Tokens of these calls, with those of calls that have not ended.
             */
            tokens: number;
        };
        /** @description What an organization used. */
        UsageView: {
            /** @description Every day of the range, oldest first. */
            days: components["schemas"]["UsageDay"][];
        };
        /** @description The users of an organization. */
        UserList: {
            /** @description Oldest first, including disabled ones. */
            users: components["schemas"]["MemberView"][];
        };
        /** @description A user that is signed in. */
        UserView: {
            /** @description The e-mail address. */
            email: string;
            /** @description Id of the user. */
            id: string;
            /** @description The name. */
            name: string;
        };
        /** @description The rights of a key. An invalid one has only `valid`. */
        VerifiedKey: {
            /** @description Origins from which a browser may use it; absent: any. */
            allowedOrigins?: string[] | null;
            /**
             * Format: int64
             * @description When it stops working, milliseconds since the epoch; absent: never.
             */
            expiresAt?: number | null;
            /** @description Id of the key; safe to log. */
            keyId?: string | null;
            /** @description The organization of the key. */
            organizationId?: string | null;
            /**
             * Format: int32
             * @description Requests per second that it may make at each service; absent: as any key.
             */
            requestsPerSecond?: number | null;
            /** @description `ingest`, `analytics`, `read`, `admin`. */
            scopes?: string[] | null;
            /** @description Whether the key can be used. An unknown, a revoked and an expired key look the same. */
            valid: boolean;
        };
        /** @description A key to verify. */
        VerifyKey: {
            /**
             * @description The key.
             * @example crow_…
             */
            key: string;
        };
        /**
         * @description Viewports by their width in CSS pixels.
         * @enum {string}
         */
        ViewportClass: "desktop" | "tablet" | "mobile";
        /** @description The ways to sign in, besides keys and invitations. */
        Ways: {
            /** @description The origin of the pages on which passkeys work; null: they are off. */
            passkeyOrigin?: string | null;
            provider?: null | components["schemas"]["ProviderView"];
        };
        /** @description How fast pages load and respond. */
        WebVitals: {
            /** @description LCP, CLS, INP, TTFB, FCP and load, in this order. Metrics without measurements are included. */
            metrics: components["schemas"]["Metric"][];
            /** @description The pages with the most measurements. */
            pages: components["schemas"]["PageVitals"][];
        };
        /**
         * @description How an endpoint is spoken to.
         * @enum {string}
         */
        WebhookKind: "standard" | "slack";
        /** @description Webhooks of an organization. */
        WebhookList: {
            /** @description Oldest first. */
            webhooks: components["schemas"]["WebhookView"][];
        };
        /** @description A webhook. Times are milliseconds since the epoch. */
        WebhookView: {
            /**
             * Format: int64
             * @description When it was added.
             */
            createdAt: number;
            /**
             * Format: int64
             * @description When it was disabled, by somebody or after five days of failures; null: it is enabled.
             */
            disabledAt?: number | null;
            /**
             * Format: int64
             * @description Since when every attempt has failed; null: the last one arrived, or there was none.
             */
            failingSince?: number | null;
            /** @description Its id. */
            id: string;
            /** @description Whether it gets messages. */
            isEnabled: boolean;
            /** @description How it is spoken to. */
            kind: components["schemas"]["WebhookKind"];
            /** @description Its name. */
            name: string;
            /** @description The part of its URL that is no secret. */
            shownUrl: string;
            /**
             * Format: int64
             * @description When it was changed.
             */
            updatedAt: number;
        };
        /** @description A dead letter with its content. */
        WholeLetter: components["schemas"]["LetterView"] & {
            /** @description The announcement; null for events, which are not JSON (`crow dlq show` prints them). */
            payload?: Record<string, never> | null;
        };
        /** @description One tab or app window of a session. */
        Window: {
            /**
             * Format: int64
             * @description How many lower batch numbers are missing.
             */
            missing: number;
            /**
             * Format: int64
             * @description The number of its next batch.
             */
            nextSeq: number;
            /** @description The window; empty when the client has none. */
            windowId: string;
        };
    };
    responses: never;
    parameters: never;
    requestBodies: never;
    headers: never;
    pathItems: never;
}
export type $defs = Record<string, never>;
export interface operations {
    access: {
        parameters: {
            query?: {
                /** @description The user. */
                userId?: string;
                /** @description The visitor id: one browser profile or installed app, signed in or not. */
                visitorId?: string;
                /** @description A session: the SDK's session id, which means all its visits, or the `id` of one visit. */
                session?: string;
            };
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The zip. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/zip": string;
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_audit: {
        parameters: {
            query?: {
                /** @description Only this action, or actions that begin with it and a dot, such as `user`. */
                action?: string;
                /** @description Only what the user or key with this id did. */
                actor?: string;
                /** @description Not before this time. */
                from?: string;
                /** @description Before this time. */
                to?: string;
                /** @description Entries per page. */
                limit?: number;
                /** @description `nextCursor` of the previous page. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AuditList"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    export_audit: {
        parameters: {
            query?: {
                /** @description `csv` or `ndjson` (default). */
                format?: "csv" | "ndjson";
                /** @description Only this action, or actions that begin with it and a dot, such as `user`. */
                action?: string;
                /** @description Only what the user or key with this id did. */
                actor?: string;
                /** @description Not before this time. */
                from?: string;
                /** @description Before this time. */
                to?: string;
            };
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The entries, newest first. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                    "text/csv": string;
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_dead_letters: {
        parameters: {
            query?: {
                /** @description `events` (default) or `completions`. */
                kind?: "events" | "completions";
                /** @description `nextCursor` of the previous page. */
                cursor?: string;
                /** @description Letters per page. */
                limit?: number;
            };
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LetterList"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_dead_letter: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
                /** @description The letter's `id`. */
                letterId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WholeLetter"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    drop_dead_letter: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
                /** @description The letter's `id`. */
                letterId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    retry_dead_letter: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
                /** @description The letter's `id`. */
                letterId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_erasures: {
        parameters: {
            query?: {
                /** @description Erasures per page. */
                limit?: number;
                /** @description `nextCursor` of the previous page. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErasureList"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    erase: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EraseWhat"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErasureView"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body is over the limit, as sent or inflated. */
            413: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The content type or content encoding is not supported. */
            415: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    preview_erasure: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["EraseWhat"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErasurePreview"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body is over the limit, as sent or inflated. */
            413: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The content type or content encoding is not supported. */
            415: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_erasure: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
                /** @description The erasure's `id`. */
                erasureId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErasureView"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    health: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["HealthView"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_invitations: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InvitationList"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    invite: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["Invite"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewInvitation"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It was changed since it was read. */
            409: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body is over the limit, as sent or inflated. */
            413: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The content type or content encoding is not supported. */
            415: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    withdraw_invitation: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
                /** @description The invitation's `id`. */
                invitationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_keys: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["KeyList"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    create_key: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateKey"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewKey"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body is over the limit, as sent or inflated. */
            413: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The content type or content encoding is not supported. */
            415: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    revoke_key: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
                /** @description The key's `id`. */
                keyId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    rotate_key: {
        parameters: {
            query?: {
                /** @description Seconds for which the old key keeps working, at most 2592000 (30 days). Default: it is revoked at once. */
                overlapSeconds?: number;
            };
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
                /** @description The key's `id`. */
                keyId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewKey"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_links: {
        parameters: {
            query?: {
                /** @description Only those to this session: a session's `id`, or the SDK's `sessionId`, which means its latest generation. */
                sessionId?: string;
            };
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["LinkList"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    make_link: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["MakeLink"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewLink"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It was changed since it was read. */
            409: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body is over the limit, as sent or inflated. */
            413: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The content type or content encoding is not supported. */
            415: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    revoke_link: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
                /** @description The link's `id`. */
                linkId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_settings: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettingsView"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    change_settings: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeSettings"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SettingsView"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It was changed since it was read. */
            409: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body is over the limit, as sent or inflated. */
            413: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The content type or content encoding is not supported. */
            415: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    usage: {
        parameters: {
            query?: {
                /** @description A moment of the first day: milliseconds since the epoch or RFC 3339. Default: 29 days before the last one. */
                from?: string;
                /** @description A moment of the last day. Default: now. */
                to?: string;
            };
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UsageView"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_users: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UserList"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    change_user: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
                /** @description The user's `id`. */
                userId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeUser"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["MemberView"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It was changed since it was read. */
            409: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body is over the limit, as sent or inflated. */
            413: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The content type or content encoding is not supported. */
            415: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    make_password_link: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
                /** @description The user's `id`. */
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasswordLink"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    sign_user_out: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
                /** @description The user's `id`. */
                userId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_alerts: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertList"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    create_alert: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SaveAlert"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertView"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It was changed since it was read. */
            409: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body is over the limit, as sent or inflated. */
            413: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The content type or content encoding is not supported. */
            415: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    change_alert: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
                /** @description The alert's `id`. */
                alertId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SaveAlert"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AlertView"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It was changed since it was read. */
            409: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body is over the limit, as sent or inflated. */
            413: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The content type or content encoding is not supported. */
            415: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    remove_alert: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
                /** @description The alert's `id`. */
                alertId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    events: {
        parameters: {
            query?: {
                /** @description Only events of this type. */
                type?: string;
                /** @description Only events of this name. */
                name?: string;
                /** @description hour, day or week. Default: one that suits the range. */
                bucket?: "hour" | "day" | "week";
                /** @description IANA time zone. Default: UTC. */
                timezone?: string;
                /** @description Started at or after this: milliseconds since the epoch or RFC 3339. Default for analytics: seven days before `to`. */
                from?: string;
                /** @description Started before this: milliseconds since the epoch or RFC 3339. Default for analytics: now. */
                to?: string;
                /** @description The user, exactly. */
                userId?: string;
                /** @description The browser's id, exactly. */
                visitorId?: string;
                /** @description ISO 3166-1 alpha-2. */
                country?: string;
                /** @description desktop, mobile, tablet, tv, console or bot. */
                device?: string;
                /** @description The browser, exactly. */
                browser?: string;
                /** @description The operating system, exactly. */
                os?: string;
                /** @description Visited a page with this text in its URL, ignoring case. */
                url?: string;
                /** @description Has an event of this type. */
                eventType?: string;
                /** @description Has a custom event of this name. */
                eventName?: string;
                /** @description Lasted at least this many milliseconds. */
                minDuration?: number;
                /** @description Lasted at most this many milliseconds. */
                maxDuration?: number;
                /** @description With errors, or without. */
                errors?: boolean;
                /** @description With rage clicks, or without. */
                rageClicks?: boolean;
                /** @description With clicks after which nothing happened, or without. */
                deadClicks?: boolean;
                /** @description Matches a part of the referrer, ignoring case. */
                referrer?: string;
                /** @description Whether the user agent is a known robot. */
                bot?: boolean;
                /** @description With a recording, or without. */
                hasReplay?: boolean;
                /** @description `open` or `closed`. */
                status?: "open" | "closed";
                /** @description Whether one of its pages is open, or was within the last minute. */
                live?: boolean;
                /** @description Matches a part of the user id, first page, last page or session id, ignoring case. */
                text?: string;
                /** @description Conditions that combine, as JSON: `[[{"field":"country","operator":"is","values":["DE"]}]]`. All groups must hold, and of each group one condition. See docs/http-api.md. */
                where?: string;
                /** @description Read all sessions, however long that takes. Otherwise a sample is read if there are many. */
                exact?: boolean;
            };
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Answer_EventCounts"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    funnel: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["FunnelRequest"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Answer_Funnel"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body is over the limit, as sent or inflated. */
            413: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    heatmap: {
        parameters: {
            query: {
                /** @description Path of the page. */
                page: string;
                /** @description click (default), rage, dead or scroll. */
                kind?: "click" | "rage" | "dead" | "scroll";
                /** @description desktop (default), tablet or mobile. */
                viewport?: "desktop" | "tablet" | "mobile";
                /** @description Started at or after this: milliseconds since the epoch or RFC 3339. Default for analytics: seven days before `to`. */
                from?: string;
                /** @description Started before this: milliseconds since the epoch or RFC 3339. Default for analytics: now. */
                to?: string;
                /** @description The user, exactly. */
                userId?: string;
                /** @description The browser's id, exactly. */
                visitorId?: string;
                /** @description ISO 3166-1 alpha-2. */
                country?: string;
                /** @description desktop, mobile, tablet, tv, console or bot. */
                device?: string;
                /** @description The browser, exactly. */
                browser?: string;
                /** @description The operating system, exactly. */
                os?: string;
                /** @description Visited a page with this text in its URL, ignoring case. */
                url?: string;
                /** @description Has an event of this type. */
                eventType?: string;
                /** @description Has a custom event of this name. */
                eventName?: string;
                /** @description Lasted at least this many milliseconds. */
                minDuration?: number;
                /** @description Lasted at most this many milliseconds. */
                maxDuration?: number;
                /** @description With errors, or without. */
                errors?: boolean;
                /** @description With rage clicks, or without. */
                rageClicks?: boolean;
                /** @description With clicks after which nothing happened, or without. */
                deadClicks?: boolean;
                /** @description Matches a part of the referrer, ignoring case. */
                referrer?: string;
                /** @description Whether the user agent is a known robot. */
                bot?: boolean;
                /** @description With a recording, or without. */
                hasReplay?: boolean;
                /** @description `open` or `closed`. */
                status?: "open" | "closed";
                /** @description Whether one of its pages is open, or was within the last minute. */
                live?: boolean;
                /** @description Matches a part of the user id, first page, last page or session id, ignoring case. */
                text?: string;
                /** @description Conditions that combine, as JSON: `[[{"field":"country","operator":"is","values":["DE"]}]]`. All groups must hold, and of each group one condition. See docs/http-api.md. */
                where?: string;
                /** @description Read all sessions, however long that takes. Otherwise a sample is read if there are many. */
                exact?: boolean;
            };
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Answer_Heatmap"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    journeys: {
        parameters: {
            query?: {
                /** @description Path of the page to start at. Default: the first page of a session, or the last one for `to`. */
                page?: string;
                /** @description from (default) or to. */
                direction?: "from" | "to";
                /** @description Steps after the start. */
                depth?: number;
                /** @description Pages of a step. */
                limit?: number;
                /** @description Started at or after this: milliseconds since the epoch or RFC 3339. Default for analytics: seven days before `to`. */
                from?: string;
                /** @description Started before this: milliseconds since the epoch or RFC 3339. Default for analytics: now. */
                to?: string;
                /** @description The user, exactly. */
                userId?: string;
                /** @description The browser's id, exactly. */
                visitorId?: string;
                /** @description ISO 3166-1 alpha-2. */
                country?: string;
                /** @description desktop, mobile, tablet, tv, console or bot. */
                device?: string;
                /** @description The browser, exactly. */
                browser?: string;
                /** @description The operating system, exactly. */
                os?: string;
                /** @description Visited a page with this text in its URL, ignoring case. */
                url?: string;
                /** @description Has an event of this type. */
                eventType?: string;
                /** @description Has a custom event of this name. */
                eventName?: string;
                /** @description Lasted at least this many milliseconds. */
                minDuration?: number;
                /** @description Lasted at most this many milliseconds. */
                maxDuration?: number;
                /** @description With errors, or without. */
                errors?: boolean;
                /** @description With rage clicks, or without. */
                rageClicks?: boolean;
                /** @description With clicks after which nothing happened, or without. */
                deadClicks?: boolean;
                /** @description Matches a part of the referrer, ignoring case. */
                referrer?: string;
                /** @description Whether the user agent is a known robot. */
                bot?: boolean;
                /** @description With a recording, or without. */
                hasReplay?: boolean;
                /** @description `open` or `closed`. */
                status?: "open" | "closed";
                /** @description Whether one of its pages is open, or was within the last minute. */
                live?: boolean;
                /** @description Matches a part of the user id, first page, last page or session id, ignoring case. */
                text?: string;
                /** @description Conditions that combine, as JSON: `[[{"field":"country","operator":"is","values":["DE"]}]]`. All groups must hold, and of each group one condition. See docs/http-api.md. */
                where?: string;
                /** @description Read all sessions, however long that takes. Otherwise a sample is read if there are many. */
                exact?: boolean;
            };
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Answer_Journeys"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    overview: {
        parameters: {
            query?: {
                /** @description hour, day or week. Default: one that suits the range. */
                bucket?: "hour" | "day" | "week";
                /** @description IANA time zone. Default: UTC. */
                timezone?: string;
                /** @description Started at or after this: milliseconds since the epoch or RFC 3339. Default for analytics: seven days before `to`. */
                from?: string;
                /** @description Started before this: milliseconds since the epoch or RFC 3339. Default for analytics: now. */
                to?: string;
                /** @description The user, exactly. */
                userId?: string;
                /** @description The browser's id, exactly. */
                visitorId?: string;
                /** @description ISO 3166-1 alpha-2. */
                country?: string;
                /** @description desktop, mobile, tablet, tv, console or bot. */
                device?: string;
                /** @description The browser, exactly. */
                browser?: string;
                /** @description The operating system, exactly. */
                os?: string;
                /** @description Visited a page with this text in its URL, ignoring case. */
                url?: string;
                /** @description Has an event of this type. */
                eventType?: string;
                /** @description Has a custom event of this name. */
                eventName?: string;
                /** @description Lasted at least this many milliseconds. */
                minDuration?: number;
                /** @description Lasted at most this many milliseconds. */
                maxDuration?: number;
                /** @description With errors, or without. */
                errors?: boolean;
                /** @description With rage clicks, or without. */
                rageClicks?: boolean;
                /** @description With clicks after which nothing happened, or without. */
                deadClicks?: boolean;
                /** @description Matches a part of the referrer, ignoring case. */
                referrer?: string;
                /** @description Whether the user agent is a known robot. */
                bot?: boolean;
                /** @description With a recording, or without. */
                hasReplay?: boolean;
                /** @description `open` or `closed`. */
                status?: "open" | "closed";
                /** @description Whether one of its pages is open, or was within the last minute. */
                live?: boolean;
                /** @description Matches a part of the user id, first page, last page or session id, ignoring case. */
                text?: string;
                /** @description Conditions that combine, as JSON: `[[{"field":"country","operator":"is","values":["DE"]}]]`. All groups must hold, and of each group one condition. See docs/http-api.md. */
                where?: string;
                /** @description Read all sessions, however long that takes. Otherwise a sample is read if there are many. */
                exact?: boolean;
            };
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Answer_Overview"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    pages: {
        parameters: {
            query?: {
                /** @description Pages. */
                limit?: number;
                /** @description Started at or after this: milliseconds since the epoch or RFC 3339. Default for analytics: seven days before `to`. */
                from?: string;
                /** @description Started before this: milliseconds since the epoch or RFC 3339. Default for analytics: now. */
                to?: string;
                /** @description The user, exactly. */
                userId?: string;
                /** @description The browser's id, exactly. */
                visitorId?: string;
                /** @description ISO 3166-1 alpha-2. */
                country?: string;
                /** @description desktop, mobile, tablet, tv, console or bot. */
                device?: string;
                /** @description The browser, exactly. */
                browser?: string;
                /** @description The operating system, exactly. */
                os?: string;
                /** @description Visited a page with this text in its URL, ignoring case. */
                url?: string;
                /** @description Has an event of this type. */
                eventType?: string;
                /** @description Has a custom event of this name. */
                eventName?: string;
                /** @description Lasted at least this many milliseconds. */
                minDuration?: number;
                /** @description Lasted at most this many milliseconds. */
                maxDuration?: number;
                /** @description With errors, or without. */
                errors?: boolean;
                /** @description With rage clicks, or without. */
                rageClicks?: boolean;
                /** @description With clicks after which nothing happened, or without. */
                deadClicks?: boolean;
                /** @description Matches a part of the referrer, ignoring case. */
                referrer?: string;
                /** @description Whether the user agent is a known robot. */
                bot?: boolean;
                /** @description With a recording, or without. */
                hasReplay?: boolean;
                /** @description `open` or `closed`. */
                status?: "open" | "closed";
                /** @description Whether one of its pages is open, or was within the last minute. */
                live?: boolean;
                /** @description Matches a part of the user id, first page, last page or session id, ignoring case. */
                text?: string;
                /** @description Conditions that combine, as JSON: `[[{"field":"country","operator":"is","values":["DE"]}]]`. All groups must hold, and of each group one condition. See docs/http-api.md. */
                where?: string;
                /** @description Read all sessions, however long that takes. Otherwise a sample is read if there are many. */
                exact?: boolean;
            };
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Answer_Pages"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    retention: {
        parameters: {
            query?: {
                /** @description day, week (default) or month. */
                period?: "day" | "week" | "month";
                /** @description The last periods of the range, at most this many. */
                cohorts?: number;
                /** @description IANA time zone. Default: UTC. */
                timezone?: string;
                /** @description Started at or after this: milliseconds since the epoch or RFC 3339. Default for analytics: seven days before `to`. */
                from?: string;
                /** @description Started before this: milliseconds since the epoch or RFC 3339. Default for analytics: now. */
                to?: string;
                /** @description The user, exactly. */
                userId?: string;
                /** @description The browser's id, exactly. */
                visitorId?: string;
                /** @description ISO 3166-1 alpha-2. */
                country?: string;
                /** @description desktop, mobile, tablet, tv, console or bot. */
                device?: string;
                /** @description The browser, exactly. */
                browser?: string;
                /** @description The operating system, exactly. */
                os?: string;
                /** @description Visited a page with this text in its URL, ignoring case. */
                url?: string;
                /** @description Has an event of this type. */
                eventType?: string;
                /** @description Has a custom event of this name. */
                eventName?: string;
                /** @description Lasted at least this many milliseconds. */
                minDuration?: number;
                /** @description Lasted at most this many milliseconds. */
                maxDuration?: number;
                /** @description With errors, or without. */
                errors?: boolean;
                /** @description With rage clicks, or without. */
                rageClicks?: boolean;
                /** @description With clicks after which nothing happened, or without. */
                deadClicks?: boolean;
                /** @description Matches a part of the referrer, ignoring case. */
                referrer?: string;
                /** @description Whether the user agent is a known robot. */
                bot?: boolean;
                /** @description With a recording, or without. */
                hasReplay?: boolean;
                /** @description `open` or `closed`. */
                status?: "open" | "closed";
                /** @description Whether one of its pages is open, or was within the last minute. */
                live?: boolean;
                /** @description Matches a part of the user id, first page, last page or session id, ignoring case. */
                text?: string;
                /** @description Conditions that combine, as JSON: `[[{"field":"country","operator":"is","values":["DE"]}]]`. All groups must hold, and of each group one condition. See docs/http-api.md. */
                where?: string;
                /** @description Read all sessions, however long that takes. Otherwise a sample is read if there are many. */
                exact?: boolean;
            };
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Answer_Retention"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    top: {
        parameters: {
            query: {
                /** @description What to count by. */
                dimension: "page" | "entryPage" | "exitPage" | "referrer" | "country" | "device" | "browser" | "os" | "eventType" | "eventName" | "channel" | "referrerGroup" | "utmSource" | "utmMedium" | "utmCampaign";
                /** @description Rows. */
                limit?: number;
                /** @description Started at or after this: milliseconds since the epoch or RFC 3339. Default for analytics: seven days before `to`. */
                from?: string;
                /** @description Started before this: milliseconds since the epoch or RFC 3339. Default for analytics: now. */
                to?: string;
                /** @description The user, exactly. */
                userId?: string;
                /** @description The browser's id, exactly. */
                visitorId?: string;
                /** @description ISO 3166-1 alpha-2. */
                country?: string;
                /** @description desktop, mobile, tablet, tv, console or bot. */
                device?: string;
                /** @description The browser, exactly. */
                browser?: string;
                /** @description The operating system, exactly. */
                os?: string;
                /** @description Visited a page with this text in its URL, ignoring case. */
                url?: string;
                /** @description Has an event of this type. */
                eventType?: string;
                /** @description Has a custom event of this name. */
                eventName?: string;
                /** @description Lasted at least this many milliseconds. */
                minDuration?: number;
                /** @description Lasted at most this many milliseconds. */
                maxDuration?: number;
                /** @description With errors, or without. */
                errors?: boolean;
                /** @description With rage clicks, or without. */
                rageClicks?: boolean;
                /** @description With clicks after which nothing happened, or without. */
                deadClicks?: boolean;
                /** @description Matches a part of the referrer, ignoring case. */
                referrer?: string;
                /** @description Whether the user agent is a known robot. */
                bot?: boolean;
                /** @description With a recording, or without. */
                hasReplay?: boolean;
                /** @description `open` or `closed`. */
                status?: "open" | "closed";
                /** @description Whether one of its pages is open, or was within the last minute. */
                live?: boolean;
                /** @description Matches a part of the user id, first page, last page or session id, ignoring case. */
                text?: string;
                /** @description Conditions that combine, as JSON: `[[{"field":"country","operator":"is","values":["DE"]}]]`. All groups must hold, and of each group one condition. See docs/http-api.md. */
                where?: string;
                /** @description Read all sessions, however long that takes. Otherwise a sample is read if there are many. */
                exact?: boolean;
            };
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Answer_Top"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    vitals: {
        parameters: {
            query?: {
                /** @description Path of the page. Default: all pages. */
                page?: string;
                /** @description Started at or after this: milliseconds since the epoch or RFC 3339. Default for analytics: seven days before `to`. */
                from?: string;
                /** @description Started before this: milliseconds since the epoch or RFC 3339. Default for analytics: now. */
                to?: string;
                /** @description The user, exactly. */
                userId?: string;
                /** @description The browser's id, exactly. */
                visitorId?: string;
                /** @description ISO 3166-1 alpha-2. */
                country?: string;
                /** @description desktop, mobile, tablet, tv, console or bot. */
                device?: string;
                /** @description The browser, exactly. */
                browser?: string;
                /** @description The operating system, exactly. */
                os?: string;
                /** @description Visited a page with this text in its URL, ignoring case. */
                url?: string;
                /** @description Has an event of this type. */
                eventType?: string;
                /** @description Has a custom event of this name. */
                eventName?: string;
                /** @description Lasted at least this many milliseconds. */
                minDuration?: number;
                /** @description Lasted at most this many milliseconds. */
                maxDuration?: number;
                /** @description With errors, or without. */
                errors?: boolean;
                /** @description With rage clicks, or without. */
                rageClicks?: boolean;
                /** @description With clicks after which nothing happened, or without. */
                deadClicks?: boolean;
                /** @description Matches a part of the referrer, ignoring case. */
                referrer?: string;
                /** @description Whether the user agent is a known robot. */
                bot?: boolean;
                /** @description With a recording, or without. */
                hasReplay?: boolean;
                /** @description `open` or `closed`. */
                status?: "open" | "closed";
                /** @description Whether one of its pages is open, or was within the last minute. */
                live?: boolean;
                /** @description Matches a part of the user id, first page, last page or session id, ignoring case. */
                text?: string;
                /** @description Conditions that combine, as JSON: `[[{"field":"country","operator":"is","values":["DE"]}]]`. All groups must hold, and of each group one condition. See docs/http-api.md. */
                where?: string;
                /** @description Read all sessions, however long that takes. Otherwise a sample is read if there are many. */
                exact?: boolean;
            };
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Answer_WebVitals"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    verify_key: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["VerifyKey"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["VerifiedKey"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body is over the limit, as sent or inflated. */
            413: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The content type or content encoding is not supported. */
            415: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    create_interaction: {
        parameters: {
            query?: never;
            header?: {
                /** @description A name that a repeat of this request has, too. Without it, the content names the report. */
                "Idempotency-Key"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateInteraction"];
            };
        };
        responses: {
            /** @description Accepted, and durable. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["CreatedInteraction"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body is over the limit, as sent or inflated. */
            413: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The content type or content encoding is not supported. */
            415: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_interactions: {
        parameters: {
            query?: {
                /** @description Interactions per page. */
                limit?: number;
                /** @description `nextCursor` of the previous page. */
                cursor?: string;
                /** @description At or after this moment: milliseconds since the epoch or RFC 3339. */
                from?: string;
                /** @description Before this moment. */
                to?: string;
                /** @description Where it happened. */
                sourceType?: "web" | "cctv" | "social";
                /** @description Words that must all occur in summary, tags or products; at most ten. */
                q?: string;
                /** @description A product's id. */
                product?: string;
                /** @description A tag. */
                tag?: string;
                /** @description The furthest step. */
                intent?: "purchase" | "checkout" | "cart" | "compare" | "search" | "browse" | "bounce" | "inconclusive" | "bot";
                /** @description The least confidence, 0 to 1. */
                confidence?: string;
                /** @description The SDK's session id. */
                sessionId?: string;
                /** @description How `q` is meant. `words`, the default: all must occur. `meaning`: what is similar in meaning (English), the most similar first. `both`: what has all words, then what is similar. The last two need `q`, take a `limit` of at most 100, and are one page without `cursor`. */
                search?: "words" | "meaning" | "both";
            };
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InteractionList"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    analyze_interactions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AnalyzeRequest"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Analysis"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body is over the limit, as sent or inflated. */
            413: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    count_interactions: {
        parameters: {
            query?: {
                /** @description At or after this moment: milliseconds since the epoch or RFC 3339. */
                from?: string;
                /** @description Before this moment. */
                to?: string;
                /** @description Where it happened. */
                sourceType?: "web" | "cctv" | "social";
                /** @description Words that must all occur in summary, tags or products; at most ten. */
                q?: string;
                /** @description A product's id. */
                product?: string;
                /** @description A tag. */
                tag?: string;
                /** @description The furthest step. */
                intent?: "purchase" | "checkout" | "cart" | "compare" | "search" | "browse" | "bounce" | "inconclusive" | "bot";
                /** @description The least confidence, 0 to 1. */
                confidence?: string;
                /** @description The SDK's session id. */
                sessionId?: string;
            };
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["InteractionCounts"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_products: {
        parameters: {
            query?: {
                /** @description Products per page. */
                limit?: number;
                /** @description `nextCursor` of the previous page. */
                cursor?: string;
                /** @description Words that must all occur in name, SKU, id or category; at most ten. */
                q?: string;
                /** @description The category. */
                category?: string;
                /** @description How `q` is meant. `words`, the default: all must occur. `meaning`: what is similar in meaning (English), the most similar first. `both`: what has all words, then what is similar. The last two need `q`, take a `limit` of at most 100, and are one page without `cursor`. */
                search?: "words" | "meaning" | "both";
            };
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProductList"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    create_product: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["CreateProduct"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProductView"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It was changed since it was read. */
            409: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body is over the limit, as sent or inflated. */
            413: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The content type or content encoding is not supported. */
            415: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    product_activity: {
        parameters: {
            query?: {
                /** @description At or after this moment: milliseconds since the epoch or RFC 3339. Default: seven days before `to`. */
                from?: string;
                /** @description Before this moment. Default: now. */
                to?: string;
            };
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProductActivity"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    import_products: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/ld+json": string;
                "text/csv": string;
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ImportedProducts"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body is over the limit, as sent or inflated. */
            413: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The content type or content encoding is not supported. */
            415: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_site_import: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewestSiteImport"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    start_site_import: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["StartSiteImport"];
            };
        };
        responses: {
            /** @description Accepted, and durable. */
            202: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SiteImportView"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It was changed since it was read. */
            409: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body is over the limit, as sent or inflated. */
            413: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The content type or content encoding is not supported. */
            415: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    cancel_site_import: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_product: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
                /** @description The product's `id`. */
                productId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProductView"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    replace_product: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
                /** @description The product's `id`. */
                productId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ReplaceProduct"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ProductView"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It was changed since it was read. */
            409: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body is over the limit, as sent or inflated. */
            413: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The content type or content encoding is not supported. */
            415: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    remove_product: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
                /** @description The product's `id`. */
                productId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    resolve_assets: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AssetsQuestion"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AssetList"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body is over the limit, as sent or inflated. */
            413: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_asset: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
                /** @description A `hash` of `/assets/{orgId}/resolve`. */
                hash: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The bytes, with the detected content type. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    show_invitation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["InvitationToken"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["OpenInvitation"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body is over the limit, as sent or inflated. */
            413: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The content type or content encoding is not supported. */
            415: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    accept_invitation: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AcceptInvitation"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignInView"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It was changed since it was read. */
            409: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body is over the limit, as sent or inflated. */
            413: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The content type or content encoding is not supported. */
            415: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    return_from_provider: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description To the address in `Location`. */
            303: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    start_with_provider: {
        parameters: {
            query?: {
                /** @description The page of the dashboard, such as `/app/sessions`. Other addresses are ignored. */
                next?: string;
            };
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description To the address in `Location`. */
            303: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    sign_in_by_passkey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignInByPasskey"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignInView"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It was changed since it was read. */
            409: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body is over the limit, as sent or inflated. */
            413: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The content type or content encoding is not supported. */
            415: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    start_passkey_sign_in: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasskeyChallenge"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_passkeys: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasskeyList"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    add_passkey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewPasskey"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasskeyView"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It was changed since it was read. */
            409: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body is over the limit, as sent or inflated. */
            413: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The content type or content encoding is not supported. */
            415: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    start_passkey: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PasskeyChallenge"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It was changed since it was read. */
            409: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    rename_passkey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The passkey's `id`. */
                passkeyId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["RenamePasskey"];
            };
        };
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body is over the limit, as sent or inflated. */
            413: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The content type or content encoding is not supported. */
            415: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    remove_passkey: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The passkey's `id`. */
                passkeyId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    change_password: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangePassword"];
            };
        };
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body is over the limit, as sent or inflated. */
            413: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The content type or content encoding is not supported. */
            415: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    sign_in_by_password: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SignInByPassword"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignInView"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body is over the limit, as sent or inflated. */
            413: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The content type or content encoding is not supported. */
            415: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_signed_in: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignInView"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    sign_in: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["BeginSignIn"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignInView"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body is over the limit, as sent or inflated. */
            413: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The content type or content encoding is not supported. */
            415: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    sign_out: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_sign_ins: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SignInList"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    end_other_sign_ins: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    end_sign_in: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The sign-in's `id`. */
                signInId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    ways_to_sign_in: {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["Ways"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_issues: {
        parameters: {
            query?: {
                /** @description What comes first: the latest occurrence, the most occurrences or the most people. Default: `lastSeen`. */
                sort?: "lastSeen" | "count" | "people";
                /** @description Issues per page. */
                limit?: number;
                /** @description `nextCursor` of the previous page, which had the same order. */
                cursor?: string;
                /** @description At or after this moment: milliseconds since the epoch or RFC 3339. Default: seven days before `to`. */
                from?: string;
                /** @description Before this moment. Default: now. */
                to?: string;
                /** @description What is to be done about it. A resolved issue that has occurred again is `open`. */
                status?: "open" | "resolved" | "ignored";
                /** @description A part of type, message or place, ignoring case. */
                text?: string;
                /** @description The release, exactly. */
                release?: string;
                /** @description A part of the page's path, ignoring case. */
                page?: string;
                /** @description Id of the user who sees to it. */
                assignee?: string;
            };
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IssueList"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_assignees: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AssigneeList"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_issue: {
        parameters: {
            query?: {
                /** @description At or after this moment: milliseconds since the epoch or RFC 3339. Default: seven days before `to`. */
                from?: string;
                /** @description Before this moment. Default: now. */
                to?: string;
            };
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
                /** @description The issue's `id`. */
                issueId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IssueDetailView"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    change_issue: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
                /** @description The issue's `id`. */
                issueId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeIssue"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["IssueView"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It was changed since it was read. */
            409: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body is over the limit, as sent or inflated. */
            413: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The content type or content encoding is not supported. */
            415: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    watch_sessions: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events as they occur. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_notifications: {
        parameters: {
            query?: {
                /** @description Notifications per page. */
                limit?: number;
                /** @description `nextCursor` of the previous page. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NotificationList"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    read_notifications: {
        parameters: {
            query?: {
                /** @description Those from this moment or before: milliseconds since the epoch or RFC 3339. Default: all. */
                until?: string;
            };
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnreadNotifications"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    read_notification: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
                /** @description The notification's `id`. */
                notificationId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["UnreadNotifications"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_people: {
        parameters: {
            query?: {
                /** @description People per page. A page may have fewer, and still not be the last one. */
                limit?: number;
                /** @description `nextCursor` of the previous page. */
                cursor?: string;
                /** @description A part of the id or of the traits, ignoring case. */
                text?: string;
                /** @description Conditions that combine, as JSON: `[[{"field":"country","operator":"is","values":["DE"]}]]`. All groups must hold, and of each group one condition. See docs/http-api.md. */
                where?: string;
            };
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PeopleList"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_person: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
                /** @description user or visitor. */
                kind: "user" | "visitor";
                /** @description The user id, or the visitor id. */
                personId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["PersonDetailView"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_person_timeline: {
        parameters: {
            query?: {
                /** @description Sessions per page. */
                limit?: number;
                /** @description `nextCursor` of the previous page. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
                /** @description user or visitor. */
                kind: "user" | "visitor";
                /** @description The user id, or the visitor id. */
                personId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TimelineView"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_filters: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FilterList"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    save_filter: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["SaveFilter"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FilterView"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It was changed since it was read. */
            409: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body is over the limit, as sent or inflated. */
            413: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The content type or content encoding is not supported. */
            415: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    change_filter: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
                /** @description The filter's `id`. */
                filterId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeFilter"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FilterView"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It was changed since it was read. */
            409: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body is over the limit, as sent or inflated. */
            413: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The content type or content encoding is not supported. */
            415: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    remove_filter: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
                /** @description The filter's `id`. */
                filterId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_sessions: {
        parameters: {
            query?: {
                /** @description Sessions per page. */
                limit?: number;
                /** @description `nextCursor` of the previous page. */
                cursor?: string;
                /** @description Started at or after this: milliseconds since the epoch or RFC 3339. Default for analytics: seven days before `to`. */
                from?: string;
                /** @description Started before this: milliseconds since the epoch or RFC 3339. Default for analytics: now. */
                to?: string;
                /** @description The user, exactly. */
                userId?: string;
                /** @description The browser's id, exactly. */
                visitorId?: string;
                /** @description ISO 3166-1 alpha-2. */
                country?: string;
                /** @description desktop, mobile, tablet, tv, console or bot. */
                device?: string;
                /** @description The browser, exactly. */
                browser?: string;
                /** @description The operating system, exactly. */
                os?: string;
                /** @description Visited a page with this text in its URL, ignoring case. */
                url?: string;
                /** @description Has an event of this type. */
                eventType?: string;
                /** @description Has a custom event of this name. */
                eventName?: string;
                /** @description Lasted at least this many milliseconds. */
                minDuration?: number;
                /** @description Lasted at most this many milliseconds. */
                maxDuration?: number;
                /** @description With errors, or without. */
                errors?: boolean;
                /** @description With rage clicks, or without. */
                rageClicks?: boolean;
                /** @description With clicks after which nothing happened, or without. */
                deadClicks?: boolean;
                /** @description Matches a part of the referrer, ignoring case. */
                referrer?: string;
                /** @description Whether the user agent is a known robot. */
                bot?: boolean;
                /** @description With a recording, or without. */
                hasReplay?: boolean;
                /** @description `open` or `closed`. */
                status?: "open" | "closed";
                /** @description Whether one of its pages is open, or was within the last minute. */
                live?: boolean;
                /** @description Matches a part of the user id, first page, last page or session id, ignoring case. */
                text?: string;
                /** @description Conditions that combine, as JSON: `[[{"field":"country","operator":"is","values":["DE"]}]]`. All groups must hold, and of each group one condition. See docs/http-api.md. */
                where?: string;
                /** @description Has this tag. */
                tag?: string;
                /** @description Whether the caller has watched it. */
                watched?: boolean;
            };
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionList"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    facets: {
        parameters: {
            query?: {
                /** @description Started at or after this: milliseconds since the epoch or RFC 3339. Default for analytics: seven days before `to`. */
                from?: string;
                /** @description Started before this: milliseconds since the epoch or RFC 3339. Default for analytics: now. */
                to?: string;
                /** @description The user, exactly. */
                userId?: string;
                /** @description The browser's id, exactly. */
                visitorId?: string;
                /** @description ISO 3166-1 alpha-2. */
                country?: string;
                /** @description desktop, mobile, tablet, tv, console or bot. */
                device?: string;
                /** @description The browser, exactly. */
                browser?: string;
                /** @description The operating system, exactly. */
                os?: string;
                /** @description Visited a page with this text in its URL, ignoring case. */
                url?: string;
                /** @description Has an event of this type. */
                eventType?: string;
                /** @description Has a custom event of this name. */
                eventName?: string;
                /** @description Lasted at least this many milliseconds. */
                minDuration?: number;
                /** @description Lasted at most this many milliseconds. */
                maxDuration?: number;
                /** @description With errors, or without. */
                errors?: boolean;
                /** @description With rage clicks, or without. */
                rageClicks?: boolean;
                /** @description With clicks after which nothing happened, or without. */
                deadClicks?: boolean;
                /** @description Matches a part of the referrer, ignoring case. */
                referrer?: string;
                /** @description Whether the user agent is a known robot. */
                bot?: boolean;
                /** @description With a recording, or without. */
                hasReplay?: boolean;
                /** @description `open` or `closed`. */
                status?: "open" | "closed";
                /** @description Whether one of its pages is open, or was within the last minute. */
                live?: boolean;
                /** @description Matches a part of the user id, first page, last page or session id, ignoring case. */
                text?: string;
                /** @description Conditions that combine, as JSON: `[[{"field":"country","operator":"is","values":["DE"]}]]`. All groups must hold, and of each group one condition. See docs/http-api.md. */
                where?: string;
                /** @description Read all sessions, however long that takes. Otherwise a sample is read if there are many. */
                exact?: boolean;
            };
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["FacetList"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_tags: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["TagList"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_session: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
                /** @description A session's `id`, or the SDK's `sessionId`, which means its latest generation. */
                sessionId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionView"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_events: {
        parameters: {
            query?: {
                /** @description Events per page. */
                limit?: number;
                /** @description `nextCursor` of the previous page. */
                cursor?: string;
                /** @description Only events of this type. */
                type?: string;
            };
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
                /** @description A session's `id`, or the SDK's `sessionId`, which means its latest generation. */
                sessionId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["EventList"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_stack: {
        parameters: {
            query: {
                /** @description The event's `timestamp`. */
                at: string;
            };
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
                /** @description The session's row id, or the SDK's session id. */
                sessionId: string;
                /** @description The event's `id`. */
                eventId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["StackView"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    export: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
                /** @description A session's `id`, or the SDK's `sessionId`, which means its latest generation. */
                sessionId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The recording. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    watch_session: {
        parameters: {
            query?: {
                /** @description Begin with the last full snapshot of each window at or before this moment. Milliseconds since the epoch or RFC 3339. */
                from?: string;
            };
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
                /** @description A session's `id`, or the SDK's `sessionId`, which means its latest generation. */
                sessionId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Events as they occur. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "text/event-stream": string;
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_notes: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
                /** @description A session's `id`, or the SDK's `sessionId`, which means its latest generation. */
                sessionId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NoteList"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    add_note: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
                /** @description A session's `id`, or the SDK's `sessionId`, which means its latest generation. */
                sessionId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewNote"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NoteView"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It was changed since it was read. */
            409: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body is over the limit, as sent or inflated. */
            413: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The content type or content encoding is not supported. */
            415: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    change_note: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
                /** @description A session's `id`, or the SDK's `sessionId`, which means its latest generation. */
                sessionId: string;
                /** @description The note's `id`. */
                noteId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeNote"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NoteView"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body is over the limit, as sent or inflated. */
            413: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The content type or content encoding is not supported. */
            415: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    remove_note: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
                /** @description A session's `id`, or the SDK's `sessionId`, which means its latest generation. */
                sessionId: string;
                /** @description The note's `id`. */
                noteId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_replay: {
        parameters: {
            query?: {
                /** @description `ndjson` (default), or `rrweb`: one JSON array of rrweb events. */
                format?: "ndjson" | "rrweb";
                /** @description The first moment to show. Each window begins with its last full snapshot at or before it. Milliseconds since the epoch or RFC 3339. */
                from?: string;
                /** @description The last moment. Milliseconds since the epoch or RFC 3339. */
                to?: string;
            };
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
                /** @description A session's `id`, or the SDK's `sessionId`, which means its latest generation. */
                sessionId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The recording. With `format=rrweb` the header `X-Crow-Gaps` has a JSON array of the gaps, at most 4 KiB. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                    "application/json": Record<string, never>[];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    add_tag: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
                /** @description A session's `id`, or the SDK's `sessionId`, which means its latest generation. */
                sessionId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["NewTag"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SessionTags"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It was changed since it was read. */
            409: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body is over the limit, as sent or inflated. */
            413: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The content type or content encoding is not supported. */
            415: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    remove_tag: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
                /** @description A session's `id`, or the SDK's `sessionId`, which means its latest generation. */
                sessionId: string;
                /** @description The tag. */
                tag: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    set_watched: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
                /** @description A session's `id`, or the SDK's `sessionId`, which means its latest generation. */
                sessionId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    set_unwatched: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
                /** @description A session's `id`, or the SDK's `sessionId`, which means its latest generation. */
                sessionId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    resolve_shared_assets: {
        parameters: {
            query?: never;
            header?: {
                /** @description The token of the link. */
                "X-Crow-Link"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AssetsQuestion"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["AssetList"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body is over the limit, as sent or inflated. */
            413: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The content type or content encoding is not supported. */
            415: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_shared_asset: {
        parameters: {
            query?: never;
            header?: {
                /** @description The token of the link. */
                "X-Crow-Link"?: string;
            };
            path: {
                /** @description A `hash` of `/assets/{orgId}/resolve`. */
                hash: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The bytes, with the detected content type. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/octet-stream": string;
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    open_shared: {
        parameters: {
            query?: never;
            header?: {
                /** @description The token of the link. */
                "X-Crow-Link"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SharedView"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    get_shared_replay: {
        parameters: {
            query?: {
                /** @description The first moment to show. Each window begins with its last full snapshot at or before it. Milliseconds since the epoch or RFC 3339. */
                from?: string;
            };
            header?: {
                /** @description The token of the link. */
                "X-Crow-Link"?: string;
            };
            path?: never;
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The recording. With `format=rrweb` the header `X-Crow-Gaps` has a JSON array of the gaps, at most 4 KiB. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                    "application/json": Record<string, never>[];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_source_maps: {
        parameters: {
            query?: {
                /** @description The release, exactly. */
                release?: string;
                /** @description Maps per page. */
                limit?: number;
                /** @description `nextCursor` of the previous page. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SourceMapList"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    upload_source_map: {
        parameters: {
            query: {
                /** @description The version of the page, as the SDK's option `release` names it: at most 64 bytes. */
                release: string;
                /** @description The path of the script's address, such as `/assets/index-Bx7.js`; its end is enough. */
                path: string;
                /** @description The debug id of the script: a UUID. Default: the one in the map. */
                debugId?: string;
            };
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": string;
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["SourceMapView"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body is over the limit, as sent or inflated. */
            413: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The content type or content encoding is not supported. */
            415: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    remove_source_map: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
                /** @description The map's `id`. */
                mapId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_webhooks: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookList"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    add_webhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["AddWebhook"];
            };
        };
        responses: {
            /** @description Made. */
            201: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewWebhook"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It was changed since it was read. */
            409: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body is over the limit, as sent or inflated. */
            413: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The content type or content encoding is not supported. */
            415: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    change_webhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
                /** @description The webhook's `id`. */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody: {
            content: {
                "application/json": components["schemas"]["ChangeWebhook"];
            };
        };
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["WebhookView"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body did not arrive in time. */
            408: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It was changed since it was read. */
            409: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The body is over the limit, as sent or inflated. */
            413: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The content type or content encoding is not supported. */
            415: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    remove_webhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
                /** @description The webhook's `id`. */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    list_deliveries: {
        parameters: {
            query?: {
                /** @description Messages per page. */
                limit?: number;
                /** @description `nextCursor` of the previous page. */
                cursor?: string;
            };
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
                /** @description The webhook's `id`. */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["DeliveryList"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    replay_delivery: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
                /** @description The webhook's `id`. */
                webhookId: string;
                /** @description The message's `id`. */
                deliveryId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    rotate_webhook_secret: {
        parameters: {
            query?: {
                /** @description Hours for which messages have a signature with the old secret, too. */
                overlapHours?: number;
            };
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
                /** @description The webhook's `id`. */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The answer. */
            200: {
                headers: {
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["NewWebhook"];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It was changed since it was read. */
            409: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
    test_webhook: {
        parameters: {
            query?: never;
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
                /** @description The webhook's `id`. */
                webhookId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description Done. */
            204: {
                headers: {
                    [name: string]: unknown;
                };
                content?: never;
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The API key is missing, unknown or revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key does not allow this, or not from this origin. */
            403: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It does not exist, or belongs to another organization. */
            404: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The route exists, but not with this method. */
            405: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description It was changed since it was read. */
            409: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Well-formed, but nothing in it could be accepted, or the question takes too long. */
            422: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The rate limit of the key, the address or the organization is exceeded. */
            429: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description An internal error. */
            500: {
                headers: {
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Not available at the moment; retry. */
            503: {
                headers: {
                    /** @description Seconds to wait before retrying. */
                    "Retry-After"?: string;
                    /** @description Id of the request, as in the logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
        };
    };
}
