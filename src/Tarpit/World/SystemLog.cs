using System.Globalization;
using System.Text;
using Blackwall.Tarpit.World.State;

namespace Blackwall.Tarpit.World;

/// <summary>What the machine's programs write into /var/log: a course of events that follows from the seed and the clock, and the visitor's own logins among them.</summary>
internal sealed class SystemLog(MachineState state)
{
    private static readonly string[] s_guessed = ["admin", "test", "oracle", "postgres", "git", "user", "ftpuser", "hadoop", "guest", "pi", "minecraft", "es", "nagios", "dev"];
    private static readonly string[] s_pages = ["/", "/wp-login.php", "/xmlrpc.php", "/robots.txt", "/feed/", "/wp-json/wp/v2/posts", "/favicon.ico", "/wp-content/plugins/akismet/readme.txt", "/contact/", "/about/"];
    private static readonly string[] s_agents = ["Mozilla/5.0 (compatible; bingbot/2.0; +http://www.bing.com/bingbot.htm)", "Mozilla/5.0 (Windows NT 10.0; Win64; x64) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/126.0.0.0 Safari/537.36", "Mozilla/5.0 (compatible; AhrefsBot/7.0; +http://ahrefs.com/robot/)", "python-requests/2.31.0", "Mozilla/5.0 zgrab/0.x"];

    private readonly Machine _machine = state.Machine;
    private readonly int _seed = state.Machine.Number("log", 0, 1 << 30) * 31;
    private readonly Lock _lock = new();
    private readonly Dictionary<string, (DateTimeOffset At, DateTimeOffset Since, int Changes, string Text, DateTimeOffset Last)> _made = new(StringComparer.Ordinal);

    /// <summary>Logs that are kept.</summary>
    public static IReadOnlyList<string> Names { get; } = ["auth.log", "syslog", "kern.log", "apache2/access.log", "apache2/error.log"];

    /// <summary>When the log that is written to began: logs are rotated on Sundays.</summary>
    public DateTimeOffset Began => new DateTimeOffset(_machine.Now.UtcDateTime.Date, TimeSpan.Zero).AddDays(-(int)_machine.Now.DayOfWeek);

    /// <summary>The lines of a log later than a moment, and when the last of them was written.</summary>
    public (string Text, DateTimeOffset Last) Since(string name, DateTimeOffset since)
    {
        DateTimeOffset now = _machine.Now;
        int changes = state.Logins.Count + state.Logins.Count(login => login.Until is not null) + state.Kept.Version;
        lock (_lock)
        {
            if (_made.TryGetValue(name, out var made) && made.Since == since && made.Changes == changes && now - made.At < TimeSpan.FromSeconds(1) && now >= made.At)
            {
                return (made.Text, made.Last);
            }
        }

        StringBuilder text = new();
        DateTimeOffset last = since;
        foreach ((DateTimeOffset when, string line) in Lines(name, since, now).OrderBy(entry => entry.When))
        {
            text.Append(line).Append('\n');
            last = when;
        }

        lock (_lock)
        {
            _made[name] = (now, since, changes, text.ToString(), last);
        }

        return (text.ToString(), last);
    }

    /// <summary>Lines between two moments, not in order.</summary>
    public IEnumerable<(DateTimeOffset When, string Line)> Lines(string name, DateTimeOffset since, DateTimeOffset until)
    {
        IEnumerable<(DateTimeOffset When, string Line)> lines = name switch
        {
            "kern.log" => Boot(),
            "apache2/error.log" => [(Began.AddSeconds(21), $"[{Began.AddSeconds(21).ToString("ddd MMM dd HH:mm:ss.ffffff yyyy", CultureInfo.InvariantCulture)}] [mpm_prefork:notice] [pid {state.Processes.MainProcess(SystemServices.Find("apache2")!)}] AH00163: Apache/2.4.58 (Ubuntu) configured -- resuming normal operations")],
            _ => Hours(since, until).SelectMany(hour => name switch { "auth.log" => Authentication(hour), "syslog" => System(hour), _ => Requests(hour) }),
        };
        if (name is "auth.log" or "syslog")
        {
            lines = lines.Concat(state.Logins.SelectMany(login => Login(login, name is "auth.log"))).Concat(VisitorLines.Of(state, name).Concat(CronLines.Of(state, name)).Select(line => Line(line.When, line.Program, line.Text)));
        }

        return lines.Where(line => line.When > since && line.When <= until);
    }

    private static IEnumerable<DateTimeOffset> Hours(DateTimeOffset since, DateTimeOffset until)
    {
        const int mostHours = 24 * 40;
        DateTimeOffset hour = new(since.UtcDateTime.Date.AddHours(since.Hour), TimeSpan.Zero);
        for (int n = 0; hour <= until && n < mostHours; n++, hour = hour.AddHours(1))
        {
            yield return hour;
        }
    }

    private (DateTimeOffset When, string Line) Line(DateTimeOffset when, string program, string text) =>
        (when, $"{when.ToString("yyyy-MM-ddTHH:mm:ss.ffffff", CultureInfo.InvariantCulture)}+00:00 {_machine.HostName} {program}: {text}");

    private int Chance(DateTimeOffset hour, string name, int to) => (int)((uint)(StableHash.Of(name) ^ _seed ^ (hour.ToUnixTimeSeconds() / 3600 * 2_654_435_761)) % (uint)to);

    private IEnumerable<(DateTimeOffset When, string Line)> Authentication(DateTimeOffset hour)
    {
        int process = 2000 + (int)(Math.Max(0, (hour - _machine.BootTime).TotalMinutes) * 1.7);
        DateTimeOffset at = hour.AddMinutes(17).AddSeconds(1).AddTicks(Chance(hour, "tick", 9_000_000));
        yield return Line(at, $"CRON[{process}]", "pam_unix(cron:session): session opened for user root(uid=0) by root(uid=0)");
        yield return Line(at.AddMilliseconds(14), $"CRON[{process}]", "pam_unix(cron:session): session closed for user root");
        for (int n = Chance(hour, "guesses", 9); n > 0; n--)
        {
            DateTimeOffset when = hour.AddSeconds(Chance(hour, $"guess{n}", 3590)).AddTicks(Chance(hour, $"guess-tick{n}", 9_999_999));
            int own = process + 2 + n;
            string from = $"{45 + Chance(hour, $"a{n}", 150)}.{Chance(hour, $"b{n}", 250)}.{Chance(hour, $"c{n}", 250)}.{1 + Chance(hour, $"d{n}", 250)} port {20_000 + Chance(hour, $"p{n}", 40_000)}";
            string user = s_guessed[Chance(hour, $"user{n}", s_guessed.Length)];
            bool isRoot = Chance(hour, $"root{n}", 2) == 0;
            if (!isRoot)
            {
                yield return Line(when.AddSeconds(-2), $"sshd[{own}]", $"Invalid user {user} from {from}");
            }

            yield return Line(when, $"sshd[{own}]", $"Failed password for {(isRoot ? "root" : "invalid user " + user)} from {from} ssh2");
            yield return Line(when.AddSeconds(1), $"sshd[{own}]", $"Connection closed by {(isRoot ? "authenticating user root" : "invalid user " + user)} {from} [preauth]");
        }
    }

    private IEnumerable<(DateTimeOffset When, string Line)> System(DateTimeOffset hour)
    {
        int process = 2000 + (int)(Math.Max(0, (hour - _machine.BootTime).TotalMinutes) * 1.7);
        for (int minute = 0; minute < 60; minute += 10)
        {
            DateTimeOffset when = hour.AddMinutes(minute).AddSeconds(3).AddTicks(Chance(hour, $"s{minute}", 9_000_000));
            yield return Line(when, "systemd[1]", "Starting sysstat-collect.service - system activity accounting tool...");
            yield return Line(when.AddMilliseconds(31), "systemd[1]", "sysstat-collect.service: Deactivated successfully.");
            yield return Line(when.AddMilliseconds(32), "systemd[1]", "Finished sysstat-collect.service - system activity accounting tool.");
        }

        yield return Line(hour.AddMinutes(17).AddSeconds(1).AddTicks(Chance(hour, "tick", 9_000_000) + 9000), $"CRON[{process + 1}]", "(root) CMD (cd / && run-parts --report /etc/cron.hourly)");
        if (hour.Hour == HomeFiles.CronHour)
        {
            yield return Line(hour.AddMinutes(HomeFiles.CronMinute(_machine)).AddSeconds(1).AddTicks(Chance(hour, "own", 9_000_000)), $"CRON[{process + 2}]", $"(root) CMD ({HomeFiles.CronCommand(_machine)})");
        }

        if (hour.Hour == 6)
        {
            yield return Line(hour.AddMinutes(3), "systemd[1]", "Starting apt-daily-upgrade.service - Daily apt upgrade and clean activities...");
            yield return Line(hour.AddMinutes(3).AddSeconds(2), "systemd[1]", "Finished apt-daily-upgrade.service - Daily apt upgrade and clean activities.");
        }
    }

    private IEnumerable<(DateTimeOffset When, string Line)> Requests(DateTimeOffset hour)
    {
        for (int n = 2 + Chance(hour, "requests", 9); n > 0; n--)
        {
            DateTimeOffset when = hour.AddSeconds(Chance(hour, $"r{n}", 3599));
            string page = s_pages[Chance(hour, $"page{n}", s_pages.Length)];
            yield return (when, string.Create(CultureInfo.InvariantCulture, $"{20 + Chance(hour, $"ra{n}", 190)}.{Chance(hour, $"rb{n}", 250)}.{Chance(hour, $"rc{n}", 250)}.{1 + Chance(hour, $"rd{n}", 250)} - - [{when:dd/MMM/yyyy:HH:mm:ss} +0000] \"GET {page} HTTP/1.1\" 200 {1200 + Chance(hour, page, 40_000)} \"-\" \"{s_agents[Chance(hour, $"agent{n}", s_agents.Length)]}\""));
        }
    }

    private IEnumerable<(DateTimeOffset When, string Line)> Boot()
    {
        foreach ((double seconds, string text) in KernelLog.Lines(_machine))
        {
            yield return Line(_machine.BootTime.AddSeconds(seconds), "kernel", text);
        }
    }

    private IEnumerable<(DateTimeOffset When, string Line)> Login(LoginRecord login, bool isAuthentication)
    {
        int logind = state.Processes.MainProcess(SystemServices.Find("systemd-logind")!), session = LoginRecord.Session(login.Process), daemon = login.Process - 2;
        int user = login.User is "root" ? 0 : 1000;
        if (isAuthentication)
        {
            yield return Line(login.Since.AddTicks(-6), $"sshd[{daemon}]", $"Accepted {(login.ByKey ? "publickey" : "password")} for {login.User} from {login.From} port {login.Port} ssh2");
            yield return Line(login.Since.AddTicks(-5), $"sshd[{daemon}]", $"pam_unix(sshd:session): session opened for user {login.User}(uid={user}) by {login.User}(uid=0)");
        }
        else
        {
            yield return Line(login.Since.AddTicks(-3), "systemd[1]", $"Started session-{session}.scope - Session {session} of User {login.User}.");
        }

        yield return Line(login.Since.AddTicks(-4), $"systemd-logind[{logind}]", $"New session {session} of user {login.User}.");
        if (login.Until is { } until && isAuthentication)
        {
            yield return Line(until, $"sshd[{daemon}]", $"pam_unix(sshd:session): session closed for user {login.User}");
            yield return Line(until.AddMilliseconds(3), $"systemd-logind[{logind}]", $"Removed session {session}.");
        }
    }
}
