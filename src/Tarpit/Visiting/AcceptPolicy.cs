using System.Net;
using System.Security.Cryptography;
using System.Text;
using Blackwall.Tarpit.Sessions;

namespace Blackwall.Tarpit.Visiting;

/// <summary>
/// "attempt": the n-th password that an address tries is right, for a user that exists. It stays right for everybody, because who guesses and who
/// comes in later are often two machines, and for that address no other password of that user becomes right. "list", "always" and "never" say
/// themselves.
/// </summary>
/// <param name="found">Keeps what was right beyond the life of this process.</param>
internal sealed class AcceptPolicy(TarpitSettings settings, IReadOnlyCollection<string> users, FoundPasswords found) : IAcceptPolicy
{
    private const int MostSources = 16_384;
    private const int MostPairs = 4096;

    private readonly Lock _lock = new();
    private readonly Dictionary<IPAddress, int> _tries = [];
    private readonly Queue<IPAddress> _oldest = new();
    private readonly HashSet<string> _pairs = new(StringComparer.Ordinal);
    private readonly Queue<string> _oldestPairs = new();
    private readonly HashSet<(IPAddress Source, string User)> _lucky = [];

    public bool Accepts(IPAddress source, string user, string password)
    {
        if (!users.Contains(user, StringComparer.Ordinal) || password.Length == 0)
        {
            return false;
        }

        return settings.Accept switch
        {
            TarpitSettings.AcceptNever => false,
            TarpitSettings.AcceptAlways => true,
            TarpitSettings.AcceptList => settings.Credentials.Contains($"{user}:{password}", StringComparer.Ordinal),
            _ => IsFound(source, user, password),
        };
    }

    private bool IsFound(IPAddress source, string user, string password)
    {
        string pair = Convert.ToHexString(SHA256.HashData(Encoding.UTF8.GetBytes($"{user}\0{password}")));
        lock (_lock)
        {
            if (_pairs.Contains(pair))
            {
                return true;
            }

            if (found.Has(user, password))
            {
                Remember(user, password, pair);
                return true;
            }

            if (!_tries.TryGetValue(source, out int tries))
            {
                if (_oldest.Count == MostSources)
                {
                    IPAddress forgotten = _oldest.Dequeue();
                    _tries.Remove(forgotten);
                    _lucky.RemoveWhere(lucky => lucky.Source.Equals(forgotten));
                }

                _oldest.Enqueue(source);
            }

            _tries[source] = ++tries;
            if (tries < settings.AcceptAttempt || !_lucky.Add((source, user)) || found.HasFinder(source, user))
            {
                return false;
            }

            found.AddFinder(source, user);
            Remember(user, password, pair);
            return true;
        }
    }

    private void Remember(string user, string password, string pair)
    {
        if (_oldestPairs.Count == MostPairs)
        {
            _pairs.Remove(_oldestPairs.Dequeue());
        }

        _pairs.Add(pair);
        _oldestPairs.Enqueue(pair);
        found.Add(user, password);
    }
}
