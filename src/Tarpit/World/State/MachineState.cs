using System.Net;

namespace Blackwall.Tarpit.World.State;

/// <summary>
/// What of the machine can change beside its files, as one visitor has it: its name, processes, services, logins, passwords. Thread-safe; all of it is bounded.
/// </summary>
internal sealed class MachineState
{
    private const int MostLogins = 64;
    private const int MostPasswords = 64;
    private const int LongestName = 64;

    private static readonly TimeSpan s_sudo = TimeSpan.FromMinutes(15);

    private readonly Lock _lock = new();
    private readonly List<LoginRecord> _logins = [];
    private readonly Dictionary<string, string> _passwords = new(StringComparer.Ordinal);
    private readonly Dictionary<string, DateTimeOffset> _sudo = new(StringComparer.Ordinal);
    private string? _hostName;

    public MachineState(Machine machine)
    {
        Machine = machine;
        Services = new ServiceTable(machine);
        Processes = new ProcessTable(machine, Services);
    }

    public Machine Machine { get; }

    public ServiceTable Services { get; }

    public ProcessTable Processes { get; }

    /// <summary>What the visitor set that is no file.</summary>
    public KeptSettings Kept { get; } = new();

    /// <summary>What cron has done.</summary>
    public CronClock Cron { get; } = new();

    /// <summary>Ports that the visitor's programs listen at.</summary>
    public OpenPorts Ports { get; } = new();

    /// <summary>As <c>hostname</c> shows it.</summary>
    public string HostName
    {
        get => Volatile.Read(ref _hostName) ?? Machine.HostName;
        set => Volatile.Write(ref _hostName, value.Length <= LongestName ? value : value[..LongestName]);
    }

    /// <summary>The address that the visitor came to last: what the machine calls its own.</summary>
    public IPAddress Address { get; set; } = IPAddress.Parse("10.0.2.15");

    /// <summary>Logins of this visitor, the oldest first.</summary>
    public IReadOnlyList<LoginRecord> Logins
    {
        get
        {
            lock (_lock)
            {
                return [.. _logins];
            }
        }
    }

    /// <summary>Passwords that the visitor set, by user.</summary>
    public IReadOnlyDictionary<string, string> Passwords
    {
        get
        {
            lock (_lock)
            {
                return new Dictionary<string, string>(_passwords, StringComparer.Ordinal);
            }
        }
    }

    /// <summary>Number of the next process.</summary>
    public int NextProcess() => Processes.NextId();

    public void Add(LoginRecord login)
    {
        lock (_lock)
        {
            if (_logins.Count >= MostLogins)
            {
                _logins.RemoveAt(0);
            }

            _logins.Add(login);
        }
    }

    public void EndLogin(int process)
    {
        lock (_lock)
        {
            int at = _logins.FindIndex(login => login.Process == process && login.Until is null);
            if (at >= 0)
            {
                _logins[at] = _logins[at] with { Until = Machine.Now };
            }
        }
    }

    /// <summary>Whether sudo asked this user a short while ago.</summary>
    public bool HasSudo(string user)
    {
        lock (_lock)
        {
            return _sudo.TryGetValue(user, out DateTimeOffset when) && Machine.Now - when < s_sudo;
        }
    }

    public void GrantSudo(string user)
    {
        lock (_lock)
        {
            if (_sudo.Count < MostPasswords)
            {
                _sudo[user] = Machine.Now;
            }
        }
    }

    /// <summary>Null takes back the password: the user is gone.</summary>
    public void SetPassword(string user, string? password)
    {
        lock (_lock)
        {
            if (password is null)
            {
                _passwords.Remove(user);
            }
            else if (_passwords.Count < MostPasswords || _passwords.ContainsKey(user))
            {
                _passwords[user] = password;
            }
        }
    }
}
