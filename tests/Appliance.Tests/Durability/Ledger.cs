namespace Blackwall.Tests.Durability;

/// <summary>
/// What was acknowledged. A subject whose change is under way may be as before or as after it; once acknowledged it is as after, whatever happens.
/// Thread-safe.
/// </summary>
internal sealed class Ledger
{
    public const string Absent = "-";

    private readonly Lock _lock = new();
    private readonly Dictionary<string, HashSet<string>> _possible = new(StringComparer.Ordinal);
    private readonly Dictionary<long, string> _ids = [];

    /// <summary>Changes that were acknowledged.</summary>
    public int Acknowledged { get; private set; }

    /// <summary>Whether it is there for certain.</summary>
    public bool Has(string subject)
    {
        lock (_lock)
        {
            return _possible.TryGetValue(subject, out HashSet<string>? states) && !states.Contains(Absent);
        }
    }

    public void Try(string subject, string after)
    {
        lock (_lock)
        {
            if (!_possible.TryGetValue(subject, out HashSet<string>? states))
            {
                _possible[subject] = states = [Absent];
            }

            states.Add(after);
        }
    }

    public void Done(string subject, string after)
    {
        lock (_lock)
        {
            _possible[subject] = [after];
            Acknowledged++;
        }
    }

    /// <summary>Null: the id is new, or was given to this subject before. Else to whom it was given.</summary>
    public string? GivenBefore(long id, string subject)
    {
        lock (_lock)
        {
            string owner = _ids.GetValueOrDefault(id, subject);
            _ids[id] = owner;
            return string.Equals(owner, subject, StringComparison.Ordinal) ? null : owner;
        }
    }

    /// <summary>Holds the ledger against what is there, and goes on with that. Returns what is lost or came back.</summary>
    public IReadOnlyList<string> Check(IReadOnlyDictionary<string, string> found)
    {
        lock (_lock)
        {
            List<string> wrong = [];
            foreach ((string subject, HashSet<string> states) in _possible.ToArray())
            {
                string now = found.GetValueOrDefault(subject, Absent);
                if (!states.Contains(now))
                {
                    wrong.Add($"{subject} is {now} and was acknowledged as {string.Join(" or ", states)}");
                }

                _possible[subject] = [now];
            }

            wrong.AddRange(found.Keys.Where(subject => !_possible.ContainsKey(subject)).Select(subject => $"{subject} was never asked for"));
            return wrong;
        }
    }
}
