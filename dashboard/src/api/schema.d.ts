// Made by `npm run api` from the server's OpenAPI document; do not edit.
export interface paths {
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
    "/sessions/{orgId}/{sessionId}": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /** One session, by its id, or the latest visit under the SDK's session id. */
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
    "/sessions/{orgId}/{sessionId}/replay": {
        parameters: {
            query?: never;
            header?: never;
            path?: never;
            cookie?: never;
        };
        /**
         * The recording of a session in the order of time, as a stream.
         * @description NDJSON: a line `{"w":window,"k":"r"|"e","t":ms,"s":batch,"d":{…}}` per rrweb event
         *     (`r`) and interaction (`e`), and a last line `{"k":"end","gaps":[…]}`. A stream
         *     without its last line was cut off.
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
}
export type webhooks = Record<string, never>;
export interface components {
    schemas: {
        /** @description How much happened in a session. */
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
        /** @description The form of every error answer. */
        ErrorBody: {
            /** @description The error. */
            error: components["schemas"]["ErrorDetail"];
        };
        /** @description What went wrong. */
        ErrorDetail: {
            /**
             * @description Stable word for programs.
             * @example malformed
             */
            code: string;
            /** @description Explanation for people. */
            message: string;
            /** @description Also in the answer's `X-Request-Id` header. */
            requestId: string;
        };
        /** @description A page of events. */
        EventList: {
            /** @description In the order of time. */
            events: components["schemas"]["EventView"][];
            /** @description Send it as `cursor` for the next page; null on the last page. */
            nextCursor?: string | null;
        };
        /** @description One interaction. */
        EventView: {
            /** @description What the client sent with it: any JSON; null when there is none. */
            data?: unknown;
            /** @description The event. */
            id: string;
            /** @description Name of a custom event. */
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
        /** @description Batches of a window that never came. */
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
        /** @description A link to a visit under the same session id. */
        GenerationView: {
            /**
             * Format: int32
             * @description Which visit, from 0.
             */
            generation: number;
            /** @description The visit. */
            id: string;
            /**
             * Format: int64
             * @description When it started.
             */
            startedAt: number;
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
        /** @description One visit. Times are milliseconds since the epoch. */
        SessionView: {
            /** @description Name of the browser. */
            browser?: string | null;
            /** @description ISO 3166-1 alpha-2. */
            country?: string | null;
            /** @description How much happened. */
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
            /** @description What the client said when it ended the session. */
            exitContext?: Record<string, never> | null;
            /** @description The last page. */
            exitUrl?: string | null;
            /** @description Batches that never came. */
            gaps: components["schemas"]["Gap"][];
            /**
             * Format: int32
             * @description Which visit under this session id, from 0.
             */
            generation: number;
            /** @description All visits under this session id, latest first; absent in lists. */
            generations?: components["schemas"]["GenerationView"][] | null;
            /** @description It has a recording. */
            hasReplay: boolean;
            /** @description The visit. */
            id: string;
            /** @description The first page. */
            initialUrl?: string | null;
            /** @description By policy whole, truncated or absent. */
            ipAddress?: string | null;
            /** @description The user agent is a known robot. */
            isBot: boolean;
            /**
             * Format: int64
             * @description When the user last did something.
             */
            lastActivityAt: number;
            /**
             * Format: int64
             * @description Time of its newest event.
             */
            lastEventAt: number;
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
             * Format: int32
             * @description Grows each time the ended session gets late data.
             */
            revision: number;
            /** @description `width`x`height` of the screen in CSS pixels. */
            screen?: string | null;
            /** @description What recorded it. */
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
            /** @description IANA time zone. */
            timezone?: string | null;
            /** @description What the client said about the user. */
            traits?: Record<string, never> | null;
            /** @description The `User-Agent` header. */
            userAgent?: string | null;
            /** @description The user that the client named last. */
            userId?: string | null;
            /** @description `width`x`height` of the viewport in CSS pixels. */
            viewport?: string | null;
            /** @description Tabs and app windows. */
            windows: components["schemas"]["Window"][];
        };
        /** @description One tab or app window of a session. */
        Window: {
            /**
             * Format: int64
             * @description How many batches below that are missing.
             */
            missing: number;
            /**
             * Format: int64
             * @description The number that its next batch will have.
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
    list_sessions: {
        parameters: {
            query?: {
                /** @description Sessions of a page; 50 when absent. */
                limit?: number;
                /** @description `nextCursor` of the page before. */
                cursor?: string;
                /** @description Started at or after this: milliseconds since the epoch or RFC 3339. */
                from?: string;
                /** @description Started before this: milliseconds since the epoch or RFC 3339. */
                to?: string;
                /** @description The user, exactly. */
                userId?: string;
                /** @description ISO 3166-1 alpha-2. */
                country?: string;
                /** @description desktop, mobile, tablet, tv, console or bot. */
                device?: string;
                /** @description The browser, exactly. */
                browser?: string;
                /** @description The operating system, exactly. */
                os?: string;
                /** @description Visited a page whose URL contains this. */
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
                /** @description With a recording, or without. */
                hasReplay?: boolean;
                /** @description Still open, or over. */
                live?: boolean;
                /** @description Contained in user id, first page, last page or session id. */
                text?: string;
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
            /** @description A page. */
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
                    /** @description Names the request in our logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description No API key, or it is not known, or it was revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request in our logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key may not do this, or not from this origin. */
            403: {
                headers: {
                    /** @description Names the request in our logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Nothing here, or it belongs to another organization. */
            404: {
                headers: {
                    /** @description Names the request in our logs. */
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
                    /** @description Names the request in our logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description A defect on our side. */
            500: {
                headers: {
                    /** @description Names the request in our logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Cannot be served now; try again. */
            503: {
                headers: {
                    /** @description Seconds to wait before trying again. */
                    "Retry-After"?: string;
                    /** @description Names the request in our logs. */
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
                /** @description A session's `id`, or the SDK's `sessionId`, which means its latest visit. */
                sessionId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The session. */
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
                    /** @description Names the request in our logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description No API key, or it is not known, or it was revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request in our logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key may not do this, or not from this origin. */
            403: {
                headers: {
                    /** @description Names the request in our logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Nothing here, or it belongs to another organization. */
            404: {
                headers: {
                    /** @description Names the request in our logs. */
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
                    /** @description Names the request in our logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description A defect on our side. */
            500: {
                headers: {
                    /** @description Names the request in our logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Cannot be served now; try again. */
            503: {
                headers: {
                    /** @description Seconds to wait before trying again. */
                    "Retry-After"?: string;
                    /** @description Names the request in our logs. */
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
                /** @description Events of a page; 200 when absent. */
                limit?: number;
                /** @description `nextCursor` of the page before. */
                cursor?: string;
                /** @description Only events of this type. */
                type?: string;
            };
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
                /** @description A session's `id`, or the SDK's `sessionId`, which means its latest visit. */
                sessionId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description A page. */
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
                    /** @description Names the request in our logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description No API key, or it is not known, or it was revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request in our logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key may not do this, or not from this origin. */
            403: {
                headers: {
                    /** @description Names the request in our logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Nothing here, or it belongs to another organization. */
            404: {
                headers: {
                    /** @description Names the request in our logs. */
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
                    /** @description Names the request in our logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description A defect on our side. */
            500: {
                headers: {
                    /** @description Names the request in our logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Cannot be served now; try again. */
            503: {
                headers: {
                    /** @description Seconds to wait before trying again. */
                    "Retry-After"?: string;
                    /** @description Names the request in our logs. */
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
                /** @description A session's `id`, or the SDK's `sessionId`, which means its latest visit. */
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
                    /** @description Names the request in our logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description No API key, or it is not known, or it was revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request in our logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key may not do this, or not from this origin. */
            403: {
                headers: {
                    /** @description Names the request in our logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Nothing here, or it belongs to another organization. */
            404: {
                headers: {
                    /** @description Names the request in our logs. */
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
                    /** @description Names the request in our logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description A defect on our side. */
            500: {
                headers: {
                    /** @description Names the request in our logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Cannot be served now; try again. */
            503: {
                headers: {
                    /** @description Seconds to wait before trying again. */
                    "Retry-After"?: string;
                    /** @description Names the request in our logs. */
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
                /** @description `ndjson`, the default, or `rrweb`: one JSON array of rrweb events. */
                format?: string;
                /** @description Show from this moment: each window begins with its last full snapshot at or before it. Milliseconds since the epoch or RFC 3339. */
                from?: string;
                /** @description Nothing after this moment. Milliseconds since the epoch or RFC 3339. */
                to?: string;
            };
            header?: never;
            path: {
                /** @description The organization of the key. */
                orgId: string;
                /** @description A session's `id`, or the SDK's `sessionId`, which means its latest visit. */
                sessionId: string;
            };
            cookie?: never;
        };
        requestBody?: never;
        responses: {
            /** @description The recording. */
            200: {
                headers: {
                    /** @description Only with `format=rrweb`: JSON array of the gaps, at most 4 KiB. */
                    "X-Crow-Gaps"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/x-ndjson": string;
                    "application/json": unknown[];
                };
            };
            /** @description Not valid JSON, or a field has the wrong type or a value out of range. */
            400: {
                headers: {
                    /** @description Names the request in our logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description No API key, or it is not known, or it was revoked. */
            401: {
                headers: {
                    /** @description Always `Bearer`. */
                    "WWW-Authenticate"?: string;
                    /** @description Names the request in our logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description The key may not do this, or not from this origin. */
            403: {
                headers: {
                    /** @description Names the request in our logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Nothing here, or it belongs to another organization. */
            404: {
                headers: {
                    /** @description Names the request in our logs. */
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
                    /** @description Names the request in our logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description A defect on our side. */
            500: {
                headers: {
                    /** @description Names the request in our logs. */
                    "X-Request-Id"?: string;
                    [name: string]: unknown;
                };
                content: {
                    "application/json": components["schemas"]["ErrorBody"];
                };
            };
            /** @description Cannot be served now; try again. */
            503: {
                headers: {
                    /** @description Seconds to wait before trying again. */
                    "Retry-After"?: string;
                    /** @description Names the request in our logs. */
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
