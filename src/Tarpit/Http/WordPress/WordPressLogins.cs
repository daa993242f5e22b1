using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using Blackwall.Tarpit.World;

namespace Blackwall.Tarpit.Http.WordPress;

/// <summary>Who is logged in to WordPress: its cookies and nonces, signed with the installation's secret.</summary>
internal sealed class WordPressLogins(Website site, LoginDesk desk)
{
    private static readonly TimeSpan Session = TimeSpan.FromDays(2);

    public LoginDesk Desk => desk;

    /// <summary>The user of a login name or mail address; null: there is none.</summary>
    public WebsiteUser? Find(string name) => site.Users.FirstOrDefault(user => string.Equals(user.Login, name, StringComparison.OrdinalIgnoreCase) || string.Equals(user.Email, name, StringComparison.OrdinalIgnoreCase));

    /// <summary>Whether a request is logged in by an Authorization field.</summary>
    /// <param name="refused">It has one that is wrong.</param>
    public bool TryBasic(HttpExchange exchange, out bool refused)
    {
        bool? judged = desk.JudgeBasic(exchange);
        refused = judged == false;
        return judged == true;
    }

    /// <summary>The user that a request's cookie names; null: nobody.</summary>
    public WebsiteUser? UserOf(HttpRequest request, WordPressLinks links)
    {
        if (!request.Cookies.TryGetValue("wordpress_logged_in_" + links.CookieHash, out string? cookie) || cookie.Split('|') is not [var name, var end, var token, var signature]
            || !long.TryParse(end, NumberStyles.None, CultureInfo.InvariantCulture, out long seconds) || seconds < site.Machine.Now.ToUnixTimeSeconds()
            || !CryptographicOperations.FixedTimeEquals(Encoding.ASCII.GetBytes(signature), Encoding.ASCII.GetBytes(Sign($"{name}|{end}|{token}"))))
        {
            return null;
        }

        return Find(name);
    }

    /// <summary>Adds the cookies of somebody who was let in.</summary>
    public void AddCookies(HttpAnswer answer, WordPressLinks links, WebsiteUser user, bool isRemembered)
    {
        DateTimeOffset end = site.Machine.Now + (isRemembered ? Session * 7 : Session);
        string value = string.Create(CultureInfo.InvariantCulture, $"{user.Login}|{end.ToUnixTimeSeconds()}|{Convert.ToHexStringLower(RandomNumberGenerator.GetBytes(21))}");
        string cookie = Uri.EscapeDataString($"{value}|{Sign(value)}");
        string expires = isRemembered ? string.Create(CultureInfo.InvariantCulture, $" expires={end.AddHours(12).UtcDateTime:ddd, dd MMM yyyy HH:mm:ss} GMT; Max-Age={(int)(Session * 7).TotalSeconds + 43_200};") : "";
        string auth = (links.Home.StartsWith("https", StringComparison.Ordinal) ? "wordpress_sec_" : "wordpress_") + links.CookieHash;
        answer.With("Set-Cookie", $"{auth}={cookie};{expires} path=/wp-content/plugins; HttpOnly")
            .With("Set-Cookie", $"{auth}={cookie};{expires} path=/wp-admin; HttpOnly")
            .With("Set-Cookie", $"wordpress_logged_in_{links.CookieHash}={cookie};{expires} path=/; HttpOnly");
    }

    /// <summary>A nonce: ten hexadecimal digits that hold for half a day.</summary>
    public string Nonce(string action, string user)
    {
        long tick = site.Machine.Now.ToUnixTimeSeconds() / 43_200;
        return Sign(string.Create(CultureInfo.InvariantCulture, $"{tick}|{action}|{user}"))[..10];
    }

    private string Sign(string text) => Convert.ToHexStringLower(HMACSHA256.HashData(site.Machine.Bytes("wordpress-cookies", 32), Encoding.UTF8.GetBytes(text)));
}
