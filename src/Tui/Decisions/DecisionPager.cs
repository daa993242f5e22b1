using System.Globalization;
using System.Text;
using Blackwall.Client;
using Blackwall.Client.Decisions;
using Blackwall.Tui.Live;

namespace Blackwall.Tui.Decisions;

/// <summary>
/// One page of a list of decisions at a time, by cursor: a million in force cost as much as a hundred. Back goes over the cursors that were
/// passed.
/// </summary>
/// <param name="session">Whom to ask.</param>
/// <param name="resource">decisions or rules.</param>
internal sealed class DecisionPager(Session session, string resource)
{
    public const int PageSize = 100;

    /// <summary>How often a page that changed meanwhile is read again.</summary>
    private static readonly TimeSpan Refresh = TimeSpan.FromSeconds(1);

    private readonly Stack<string?> _before = new();
    private readonly RequestJob _errand = new();
    private string? _cursor;
    private long _changes = -1;
    private DateTimeOffset _due = DateTimeOffset.MinValue;
    private int _failures;
    private int _question;

    /// <summary>The page that is shown; null: none was read yet.</summary>
    public DecisionPage? Page { get; private set; }

    public Failure? Failure { get; private set; }

    /// <summary>0 is the newest.</summary>
    public int Number => _before.Count;

    public bool Busy => _errand.Busy;

    /// <summary>Exactly or around this address or prefix; empty: any.</summary>
    public string Contains { get; private set; } = "";

    /// <summary>any, or an origin.</summary>
    public string Origin { get; private set; } = Words.Any;

    /// <summary>any, or a verdict.</summary>
    public string Verdict { get; private set; } = Words.Any;

    public bool Filtered => Contains.Length > 0 || Origin is not Words.Any || Verdict is not Words.Any;

    /// <summary>The answer that is looked at last stepped forwards (1), backwards (-1) or stayed (0).</summary>
    public int Stepped { get; private set; }

    public void Filter(string contains, string origin, string verdict)
    {
        (Contains, Origin, Verdict) = (contains, origin, verdict);
        _question++;
        _before.Clear();
        _cursor = null;
        Page = null;
        Hurry();
    }

    public void Hurry() => _due = DateTimeOffset.MinValue;

    /// <summary>Asks for the next (1) or the previous (-1) page; false: there is none, or another is on its way.</summary>
    public bool Step(int direction)
    {
        if (Busy || Page is null || (direction > 0 ? Page.NextCursor is null : _before.Count == 0))
        {
            return false;
        }

        string? wanted = direction > 0 ? Page.NextCursor : _before.Peek();
        return Request(wanted, direction);
    }

    /// <summary>Whether something came; asks again when decisions changed.</summary>
    public bool Tick(bool shown)
    {
        bool news = _errand.Tick();
        if (shown && !Busy && session.Time.GetUtcNow() >= _due && (_changes != session.Changes || _due == DateTimeOffset.MinValue || Failure is not null))
        {
            Request(_cursor, 0);
        }

        return news;
    }

    private bool Request(string? cursor, int direction)
    {
        long changes = session.Changes;
        int question = _question;
        return _errand.Start(session.Client.ReadAsync(Query(cursor), ClientJson.Default.DecisionPage, CancellationToken.None), answer =>
        {
            // What was asked with another filter answers another question.
            if (question != _question)
            {
                Hurry();
                return;
            }

            DateTimeOffset now = session.Time.GetUtcNow();
            Failure = answer.Failure;
            if (answer.Value is not { } page)
            {
                // A refused question stays refused; the filter has to change.
                _changes = changes;
                _due = Failure!.Kind is FailureKind.Refused ? DateTimeOffset.MaxValue : now + Backoff.After(++_failures, Failure);
                return;
            }

            (_failures, _changes, _due, Page, Stepped) = (0, changes, now + Refresh, page, direction);
            if (direction > 0)
            {
                _before.Push(_cursor);
            }
            else if (direction < 0)
            {
                _before.Pop();
            }

            _cursor = cursor;
        });
    }

    private string Query(string? cursor)
    {
        StringBuilder query = new(string.Create(CultureInfo.InvariantCulture, $"{resource}?limit={PageSize}"));
        foreach ((string name, string? value) in new[] { ("contains", Contains), ("origin", Origin), ("verdict", Verdict), ("cursor", cursor) })
        {
            if (!string.IsNullOrEmpty(value) && value is not Words.Any)
            {
                query.Append('&').Append(name).Append('=').Append(Uri.EscapeDataString(value));
            }
        }

        return query.ToString();
    }
}
