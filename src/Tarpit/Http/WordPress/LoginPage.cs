using System.Net;
using Blackwall.Tarpit.World;

namespace Blackwall.Tarpit.Http.WordPress;

/// <summary>wp-login.php: logging in and out, and lost passwords.</summary>
internal sealed class LoginPage(Website site, WordPressLogins logins) : IHttpPersona
{
    public ValueTask<HttpAnswer> AnswerAsync(HttpExchange exchange, CancellationToken cancellation)
    {
        HttpRequest request = exchange.Request;
        WordPressLinks links = new(site, request.Origin);
        string action = Value(request, "action") ?? "login";
        return new(action switch
        {
            "logout" => LogOut(request, links),
            "lostpassword" or "retrievepassword" => LostPassword(exchange, links),
            "register" => To($"{links.Home}/wp-login.php?registration=disabled"),
            "rp" or "resetpass" => To($"{links.Home}/wp-login.php?action=lostpassword&error=invalidkey"),
            "postpass" => To(links.Home + "/"),
            _ => request.Method is "POST" ? LogIn(exchange, links) : Form(request, links, Notice(request), "", ""),
        });
    }

    private HttpAnswer LogIn(HttpExchange exchange, WordPressLinks links)
    {
        HttpRequest request = exchange.Request;
        string name = Value(request, "log") ?? "", password = Value(request, "pwd") ?? "";
        if (name.Length == 0 || password.Length == 0)
        {
            string empty = (name.Length == 0 ? "<strong>Error:</strong> The username field is empty.<br />\n" : "") + (password.Length == 0 ? "<strong>Error:</strong> The password field is empty.<br />\n" : "");
            return Form(request, links, "", empty, name);
        }

        WebsiteUser? user = logins.Find(name.Trim());
        bool accepted = logins.Desk.Judge(exchange, user?.Login ?? name, password, "form") && user is not null;
        if (!accepted)
        {
            string lost = $" <a href=\"{links.Home}/wp-login.php?action=lostpassword\">Lost your password?</a>";
            string shown = WebUtility.HtmlEncode(name.Trim());
            string error = user is not null ? $"<strong>Error:</strong> The password you entered for the {(name.Contains('@', StringComparison.Ordinal) ? "email address" : "username")} <strong>{shown}</strong> is incorrect.{lost}<br />\n"
                : name.Contains('@', StringComparison.Ordinal) ? "<strong>Error:</strong> Unknown email address. Check again or try your username.<br />\n"
                : $"<strong>Error:</strong> The username <strong>{shown}</strong> is not registered on this site. If you are unsure of your username, try your email address instead.<br />\n";
            return Form(request, links, "", error, name);
        }

        if (Value(request, "testcookie") is not null && !request.Cookies.ContainsKey("wordpress_test_cookie"))
        {
            return Form(request, links, "", "<strong>Error:</strong> Cookies are blocked or not supported by your browser. You must <a href=\"https://developer.wordpress.org/advanced-administration/wordpress/cookies/\">enable cookies</a> to use WordPress.<br />\n", name);
        }

        HttpAnswer answer = Start(new HttpAnswer(302) { ContentType = "text/html; charset=UTF-8", IsScript = true });
        logins.AddCookies(answer, links, user!, Value(request, "rememberme") is not null);
        return answer.With("X-Redirect-By", "WordPress").With("Location", Target(Value(request, "redirect_to"), links, links.Home + "/wp-admin/"));
    }

    private HttpAnswer LogOut(HttpRequest request, WordPressLinks links)
    {
        if (logins.UserOf(request, links) is not { } user || !string.Equals(Value(request, "_wpnonce"), logins.Nonce("log-out", user.Login), StringComparison.Ordinal))
        {
            string nonce = logins.UserOf(request, links) is { } known ? logins.Nonce("log-out", known.Login) : "0000000000";
            string page = $"<!DOCTYPE html>\n<html lang=\"en-US\">\n<head>\n\t<meta http-equiv=\"Content-Type\" content=\"text/html; charset=utf-8\" />\n\t<meta name=\"viewport\" content=\"width=device-width\">\n\t\t<meta name='robots' content='max-image-preview:large, noindex, follow' />\n\t<title>Something went wrong.</title>\n</head>\n<body id=\"error-page\">\n\t<div class=\"wp-die-message\">You are attempting to log out of {WebUtility.HtmlEncode(site.Title)}</div><p>Do you really want to <a href=\"{links.Home}/wp-login.php?action=logout&amp;_wpnonce={nonce}\">log out</a>?</p></body>\n</html>\n";
            return Start(HttpAnswer.Page(page, 403));
        }

        HttpAnswer answer = Start(new HttpAnswer(302) { ContentType = "text/html; charset=UTF-8", IsScript = true });
        foreach (string name in new[] { "wordpress_", "wordpress_sec_", "wordpress_logged_in_" })
        {
            answer.With("Set-Cookie", $"{name}{links.CookieHash}=%20; expires=Sun, 30 Nov 2025 00:00:00 GMT; Max-Age=0; path=/");
        }

        return answer.With("X-Redirect-By", "WordPress").With("Location", $"{links.Home}/wp-login.php?loggedout=true&wp_lang=en_US");
    }

    private HttpAnswer LostPassword(HttpExchange exchange, WordPressLinks links)
    {
        HttpRequest request = exchange.Request;
        string name = Value(request, "user_login")?.Trim() ?? "", error = "";
        if (request.Method is "POST")
        {
            error = name.Length == 0 ? "<strong>Error:</strong> Please enter a username or email address."
                : logins.Find(name) is null ? "<strong>Error:</strong> There is no account with that username or email address." : "";
            if (error.Length == 0)
            {
                return To($"{links.Home}/wp-login.php?checkemail=confirm");
            }
        }

        const string message = "<div class=\"notice notice-info message\"><p>Please enter your username or email address. You will receive an email message with instructions on how to reset your password.</p></div>\n";
        string form = $"""

            		<form name="lostpasswordform" id="lostpasswordform" action="{links.Home}/wp-login.php?action=lostpassword" method="post">
            			<p>
            				<label for="user_login">Username or Email Address</label>
            				<input type="text" name="user_login" id="user_login" class="input" value="{WebUtility.HtmlEncode(name)}" size="20" autocapitalize="off" autocomplete="username" required="required" />
            			</p>
            						<input type="hidden" name="redirect_to" value="" />
            			<p class="submit">
            				<input type="submit" name="wp-submit" id="wp-submit" class="button button-primary button-large" value="Get New Password" />
            			</p>
            		</form>

            		<p id="nav">
            			<a class="wp-login-log-in" href="{links.Home}/wp-login.php">Log in</a>
            		</p>

            """;
        return Page(links, "Lost Password", "lostpassword", message + Error(error), form);
    }

    private HttpAnswer Form(HttpRequest request, WordPressLinks links, string notice, string error, string name)
    {
        string target = Target(Value(request, "redirect_to"), links, links.Home + "/wp-admin/");
        string form = $"""

            		<form name="loginform" id="loginform" action="{links.Home}/wp-login.php" method="post">
            			<p>
            				<label for="user_login">Username or Email Address</label>
            				<input type="text" name="log" id="user_login"{(error.Length > 0 ? " aria-describedby=\"login_error\"" : "")} class="input" value="{WebUtility.HtmlEncode(name)}" size="20" autocapitalize="off" autocomplete="username" required="required" />
            			</p>

            			<div class="user-pass-wrap">
            				<label for="user_pass">Password</label>
            				<div class="wp-pwd">
            					<input type="password" name="pwd" id="user_pass"{(error.Length > 0 ? " aria-describedby=\"login_error\"" : "")} class="input password-input" value="" size="20" autocomplete="current-password" spellcheck="false" required="required" />
            					<button type="button" class="button button-secondary wp-hide-pw hide-if-no-js" data-toggle="0" aria-label="Show password">
            						<span class="dashicons dashicons-visibility" aria-hidden="true"></span>
            					</button>
            				</div>
            			</div>
            						<p class="forgetmenot"><input name="rememberme" type="checkbox" id="rememberme" value="forever"  /> <label for="rememberme">Remember Me</label></p>
            			<p class="submit">
            				<input type="submit" name="wp-submit" id="wp-submit" class="button button-primary button-large" value="Log In" />
            									<input type="hidden" name="redirect_to" value="{WebUtility.HtmlEncode(target)}" />
            									<input type="hidden" name="testcookie" value="1" />
            			</p>
            		</form>

            					<p id="nav">
            				<a class="wp-login-lost-password" href="{links.Home}/wp-login.php?action=lostpassword">Lost your password?</a>			</p>

            """;
        return Page(links, "Log In", "login", notice + Error(error), form);
    }

    private HttpAnswer Page(WordPressLinks links, string title, string action, string messages, string form) => Start(HttpAnswer.Page($"""
        <!DOCTYPE html>
        	<html lang="en-US">
        	<head>
        	<meta http-equiv="Content-Type" content="text/html; charset=UTF-8" />
        	<title>{title} &lsaquo; {WebUtility.HtmlEncode(site.Title)} &#8212; WordPress</title>
        	<meta name='robots' content='max-image-preview:large, noindex, noarchive' />
        <link rel='stylesheet' id='dashicons-css' href='{links.Core("/wp-includes/css/dashicons.min.css")}' media='all' />
        <link rel='stylesheet' id='buttons-css' href='{links.Core("/wp-includes/css/buttons.min.css")}' media='all' />
        <link rel='stylesheet' id='forms-css' href='{links.Core("/wp-admin/css/forms.min.css")}' media='all' />
        <link rel='stylesheet' id='login-css' href='{links.Core("/wp-admin/css/login.min.css")}' media='all' />
        	<meta name='referrer' content='strict-origin-when-cross-origin' />
        		<meta name="viewport" content="width=device-width, initial-scale=1.0" />
        	</head>
        	<body class="login no-js login-action-{action} wp-core-ui  locale-en-us">
        	<script>
        document.body.className = document.body.className.replace('no-js','js');
        </script>

        		<h1 class="screen-reader-text">{title}</h1>
        			<div id="login">
        		<h1 role="presentation" class="wp-login-logo"><a href="https://wordpress.org/">Powered by WordPress</a></h1>
        	{messages}{form}			<p id="backtoblog">
        			<a href="{links.Home}/">&larr; Go to {WebUtility.HtmlEncode(site.Title)}</a>		</p>
        			</div>
        			</body>
        	</html>

        """)
        .With("Set-Cookie", "wordpress_test_cookie=WP%20Cookie%20check; path=/; HttpOnly").With("X-Frame-Options", "SAMEORIGIN").With("Content-Security-Policy", "frame-ancestors 'self';"), withCookie: true);

    // The fields that every answer of wp-login.php begins with.
    private static HttpAnswer Start(HttpAnswer answer, bool withCookie = false)
    {
        answer.Fields.InsertRange(0, [new("Expires", "Wed, 11 Jan 1984 05:00:00 GMT"), new("Cache-Control", "no-cache, must-revalidate, max-age=0, no-store, private")]);
        return withCookie ? answer : answer.With("Set-Cookie", "wordpress_test_cookie=WP%20Cookie%20check; path=/; HttpOnly");
    }

    private static HttpAnswer To(string location) =>
        Start(new HttpAnswer(302) { ContentType = "text/html; charset=UTF-8", IsScript = true }).With("X-Redirect-By", "WordPress").With("Location", location);

    private static string Error(string text) => text.Length == 0 ? "" : $"<div id=\"login_error\" class=\"notice notice-error\"><p>{text.Replace("<br />\n", "", StringComparison.Ordinal)}</p></div>\n";

    private static string Notice(HttpRequest request)
    {
        string text = request.Query.ContainsKey("loggedout") ? "You are now logged out."
            : request.Query.GetValueOrDefault("checkemail") is "confirm" ? "Check your email for the confirmation link, then visit the login page."
            : request.Query.GetValueOrDefault("registration") is "disabled" ? "<strong>Error:</strong> User registration is currently not allowed." : "";
        return text.Length == 0 ? "" : $"<div id=\"login-message\" class=\"notice notice-info message\"><p>{text}</p></div>\n";
    }

    // Never to another host: wp_safe_redirect.
    private static string Target(string? asked, WordPressLinks links, string otherwise) =>
        asked is null || asked.Any(char.IsControl) ? otherwise
        : asked.StartsWith(links.Home + "/", StringComparison.Ordinal) ? asked
        : asked.StartsWith('/') && !asked.StartsWith("//", StringComparison.Ordinal) ? asked : otherwise;

    private static string? Value(HttpRequest request, string name) => request.Form.TryGetValue(name, out string? value) || request.Query.TryGetValue(name, out value) ? value : null;
}
