namespace Blackwall.Behavior;

/// <summary>
/// What scanners ask web servers for. Short on purpose: each entry is something that no page links to, so that ordinary use weighs nothing;
/// doubtful ones weigh so little that a few mistakes of a person stay far below the threshold.
/// </summary>
internal static class ProbeCatalog
{
    private const float Exploit = 1.5f;
    private const float Probe = 1f;
    private const float Doubtful = 0.3f;

    // Anywhere in the normalised target.
    private static readonly (byte[] Marker, float Weight)[] Anywhere =
    [
        ("../"u8.ToArray(), Exploit), ("/etc/passwd"u8.ToArray(), Exploit), ("/etc/shadow"u8.ToArray(), Exploit), ("win.ini"u8.ToArray(), Exploit),
        ("${jndi:"u8.ToArray(), Exploit), ("union select"u8.ToArray(), Exploit), ("union all select"u8.ToArray(), Exploit), ("' or '1'='1"u8.ToArray(), Exploit),
        ("' or 1=1"u8.ToArray(), Exploit), ("sleep("u8.ToArray(), Exploit), ("<script"u8.ToArray(), Exploit), ("php://"u8.ToArray(), Exploit),
        ("allow_url_include"u8.ToArray(), Exploit), (";wget "u8.ToArray(), Exploit), ("|wget "u8.ToArray(), Exploit), ("eval-stdin.php"u8.ToArray(), Exploit),
        ("/bin/sh"u8.ToArray(), Exploit), ("\0"u8.ToArray(), Exploit), ("xp_cmdshell"u8.ToArray(), Exploit), ("/cgi-bin/luci"u8.ToArray(), Exploit),
        ("/boaform/"u8.ToArray(), Exploit), ("/setup.cgi"u8.ToArray(), Exploit), ("/.env"u8.ToArray(), Probe), ("/.git/"u8.ToArray(), Probe),
        ("/.svn/"u8.ToArray(), Probe), ("/.aws/"u8.ToArray(), Probe), ("/.ssh/"u8.ToArray(), Probe), ("/.htpasswd"u8.ToArray(), Probe),
        ("/.htaccess"u8.ToArray(), Probe), ("/.ds_store"u8.ToArray(), Probe), ("/wp-config"u8.ToArray(), Probe), ("/xmlrpc.php"u8.ToArray(), Probe),
        ("/phpmyadmin"u8.ToArray(), Probe), ("/phpinfo"u8.ToArray(), Probe), ("/adminer"u8.ToArray(), Probe), ("/shell.php"u8.ToArray(), Probe),
        ("/server-status"u8.ToArray(), Probe), ("/wp-login.php"u8.ToArray(), Doubtful), ("/wp-admin"u8.ToArray(), Doubtful),
    ];

    // At the start of the normalised target.
    private static readonly (byte[] Marker, float Weight)[] AtStart =
    [
        ("/pma/"u8.ToArray(), Probe), ("/cgi-bin/"u8.ToArray(), Probe), ("/actuator"u8.ToArray(), Probe), ("/solr/admin"u8.ToArray(), Probe),
        ("/manager/html"u8.ToArray(), Probe), ("/hnap1"u8.ToArray(), Probe), ("/jenkins/script"u8.ToArray(), Probe), ("/_ignition/"u8.ToArray(), Probe),
        ("/telescope/requests"u8.ToArray(), Probe), ("/druid/index"u8.ToArray(), Probe), ("/owa/auth"u8.ToArray(), Doubtful), ("/vendor/phpunit"u8.ToArray(), Exploit),
        ("/config.json"u8.ToArray(), Doubtful), ("/config.php"u8.ToArray(), Probe), ("/backup"u8.ToArray(), Doubtful), ("/dump.sql"u8.ToArray(), Probe),
        ("/admin"u8.ToArray(), Doubtful), ("/console/"u8.ToArray(), Doubtful), ("/test.php"u8.ToArray(), Probe), ("/info.php"u8.ToArray(), Probe),
        ("/nmaplowercheck"u8.ToArray(), Exploit), ("/nice ports"u8.ToArray(), Exploit), ("/sdk"u8.ToArray(), Doubtful), ("/evox/about"u8.ToArray(), Probe),
    ];

    // In the header bytes of the sample, lower case. Clients of people and of monitors (curl, python, go) are not here.
    private static readonly byte[][] Tools =
    [
        "sqlmap"u8.ToArray(), "nikto"u8.ToArray(), "nmap scripting engine"u8.ToArray(), "masscan"u8.ToArray(), "zgrab"u8.ToArray(), "gobuster"u8.ToArray(),
        "dirbuster"u8.ToArray(), "feroxbuster"u8.ToArray(), "wpscan"u8.ToArray(), "nuclei"u8.ToArray(), "(hydra)"u8.ToArray(), "wfuzz"u8.ToArray(), "fuzz faster"u8.ToArray(),
    ];

    private static readonly byte[][] Logins =
    [
        "/wp-login.php"u8.ToArray(), "/xmlrpc.php"u8.ToArray(), "/login"u8.ToArray(), "/signin"u8.ToArray(), "/user/login"u8.ToArray(), "/users/sign_in"u8.ToArray(),
        "/administrator/index.php"u8.ToArray(), "/admin/login"u8.ToArray(), "/auth/login"u8.ToArray(), "/phpmyadmin/index.php"u8.ToArray(),
    ];

    /// <summary>Weight of a target in normal form: that of its worst marker, 0 for ordinary ones.</summary>
    public static float WeightOfTarget(ReadOnlySpan<byte> target)
    {
        float weight = 0;
        foreach ((byte[] marker, float markerWeight) in Anywhere)
        {
            if (markerWeight > weight && target.IndexOf(marker) >= 0)
            {
                weight = markerWeight;
            }
        }

        foreach ((byte[] marker, float markerWeight) in AtStart)
        {
            if (markerWeight > weight && target.StartsWith(marker))
            {
                weight = markerWeight;
            }
        }

        return weight;
    }

    /// <summary>Weight of the header bytes (lower case): whether an attack tool names itself.</summary>
    public static float WeightOfHeaders(ReadOnlySpan<byte> headers)
    {
        foreach (byte[] tool in Tools)
        {
            if (headers.IndexOf(tool) >= 0)
            {
                return Exploit;
            }
        }

        return 0;
    }

    public static bool IsLogin(ReadOnlySpan<byte> target)
    {
        int query = target.IndexOf((byte)'?');
        ReadOnlySpan<byte> path = query < 0 ? target : target[..query];
        foreach (byte[] login in Logins)
        {
            if (path.SequenceEqual(login))
            {
                return true;
            }
        }

        return false;
    }
}
