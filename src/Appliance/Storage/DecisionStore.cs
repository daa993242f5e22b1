using System.Globalization;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Stages;
using Blackwall.Pipeline.Time;
using Microsoft.Data.Sqlite;

namespace Blackwall.Storage;

/// <summary>Reads and writes decisions, their history and their evidence on the journal's connection. Not thread-safe: the board's journal owns it.</summary>
internal sealed class DecisionStore : IDisposable
{
    private const int MaxWordId = 1_000_000;

    /// <summary>What is forgeable has this part of the rows, beside what is proven.</summary>
    private const int ForgeablePart = 8;

    private readonly SqliteConnection _connection;
    private readonly Statement _save;
    private readonly Statement _remove;
    private readonly Statement _end;
    private readonly Statement _witness;
    private readonly Statement _mark;
    private readonly Statement _clock;
    private readonly Statement _findWord;
    private readonly Statement _addWord;
    private readonly Dictionary<string, long> _words = new(StringComparer.Ordinal);

    public DecisionStore(SqliteConnection connection)
    {
        _connection = connection;
        _save = new(connection, "INSERT OR REPLACE INTO claim (address, length, origin, owner, id, verdict, start, expiry, confidence, reason, actor, comment, evidence) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?)");
        _remove = new(connection, "DELETE FROM claim WHERE address = ? AND length = ? AND origin = ? AND owner = ?");
        _end = new(connection, "INSERT INTO decision_history (id, address, length, origin, verdict, start, expiry, reason, actor, comment, ended, cause, ended_by, forgeable, owner) VALUES (?,?,?,?,?,?,?,?,?,?,?,?,?,?,?)");
        _witness = new(connection, "INSERT OR IGNORE INTO evidence (id, source, kind, class, weight, seen, detail, facts) VALUES (?,?,?,?,?,?,?,?)");
        _mark = new(connection, "INSERT INTO high_water (name, value) VALUES (?1, ?2) ON CONFLICT (name) DO UPDATE SET value = max(value, ?2)");
        _clock = new(connection, "INSERT OR REPLACE INTO clock (one, boot, \"offset\", steady, wall) VALUES (1, ?, ?, ?, ?)");
        _findWord = new(connection, "SELECT id FROM word WHERE text = ?");
        _addWord = new(connection, "INSERT INTO word (text) VALUES (?) RETURNING id");
    }

    public void Clear() => Database.Run(_connection, "DELETE FROM claim");

    public void Save(in SavedDecision decision)
    {
        Span<byte> address = stackalloc byte[16];
        decision.Key.Scope.Network.WriteBytes(address);
        _save.Bind(0, address).Bind(1, decision.Key.Scope.Length).Bind(2, (long)decision.Key.Origin).Bind(3, Word(decision.Key.Owner))
            .Bind(4, decision.Id).Bind(5, (long)decision.Verdict).Bind(6, decision.Start).Bind(7, decision.Expiry).Bind(8, decision.Confidence)
            .Bind(9, Word(decision.Reason)).Bind(10, Word(decision.Actor)).Bind(11, decision.Comment)
            .Bind(12, decision.EvidenceIds.Count == 0 ? null : string.Join(',', decision.EvidenceIds))
            .Step();
    }

    public void Remove(ClaimKey key)
    {
        Span<byte> address = stackalloc byte[16];
        key.Scope.Network.WriteBytes(address);
        _remove.Bind(0, address).Bind(1, key.Scope.Length).Bind(2, (long)key.Origin).Bind(3, Word(key.Owner)).Step();
    }

    /// <summary>Remembers that a decision ended.</summary>
    public void End(DecisionChange change)
    {
        Decision decision = change.Decision;
        Span<byte> address = stackalloc byte[16];
        decision.Scope.Network.WriteBytes(address);
        _end.Bind(0, decision.Id).Bind(1, address).Bind(2, decision.Scope.Length).Bind(3, (long)decision.Origin).Bind(4, (long)decision.Verdict)
            .Bind(5, decision.Start.ToUnixTimeMilliseconds()).Bind(6, decision.Expiry?.ToUnixTimeMilliseconds() ?? long.MaxValue)
            .Bind(7, decision.Reason).Bind(8, decision.Actor).Bind(9, decision.Comment)
            .Bind(10, change.Time.ToUnixTimeMilliseconds()).Bind(11, (long)change.Kind).Bind(12, change.Actor).Bind(13, ForgeableShare.IsForgeable(decision) ? 1 : 0).Bind(14, decision.Owner)
            .Step();
    }

    public void Witness(Evidence evidence)
    {
        Span<byte> source = stackalloc byte[16];
        evidence.Source.WriteBytes(source);
        _witness.Bind(0, evidence.Id).Bind(1, source).Bind(2, evidence.Kind).Bind(3, (long)evidence.Class).Bind(4, evidence.Weight)
            .Bind(5, evidence.Seen.ToUnixTimeMilliseconds()).Bind(6, evidence.Detail).Bind(7, EvidenceJson.Write(evidence.Facts))
            .Step();
    }

    /// <summary>Ids up to here were given out; they are not given again, even if their rows are gone.</summary>
    public void MarkIds(long decision, long evidence)
    {
        _mark.Bind(0, "decision").Bind(1, decision).Step();
        _mark.Bind(0, "evidence").Bind(1, evidence).Step();
    }

    /// <summary>How the board's time lies to the machine's clocks.</summary>
    public void MarkClock(ClockAnchor clock) =>
        _clock.Bind(0, clock.BootId).Bind(1, clock.Offset).Bind(2, clock.Steady).Bind(3, clock.Wall).Step();

    /// <summary>What the last process marked; null: nothing.</summary>
    public ClockAnchor? Clock()
    {
        using Statement read = new(_connection, "SELECT boot, \"offset\", steady, wall FROM clock");
        return read.Step() ? new ClockAnchor(read.Text(0), read.Int64(1), read.Int64(2), read.Int64(3)) : null;
    }

    /// <summary>How far the open change of the policy has come on the board that this transaction stores; see <see cref="RuleBook.Change"/>.</summary>
    public void MarkCourse(long course)
    {
        using Statement set = new(_connection, "INSERT INTO high_water (name, value) VALUES ('change', ?1) ON CONFLICT (name) DO UPDATE SET value = ?1");
        set.Bind(0, course).Step();
    }

    /// <summary>Forgets history and evidence beyond the bounds.</summary>
    public void Prune(StorageOptions options, DateTimeOffset now)
    {
        long oldest = now.AddDays(-options.RetentionDays).ToUnixTimeMilliseconds();
        Prune("DELETE FROM decision_history WHERE ended < ?", oldest);
        Prune("DELETE FROM decision_history WHERE forgeable = 0 AND seq <= (SELECT seq FROM decision_history WHERE forgeable = 0 ORDER BY seq DESC LIMIT 1 OFFSET ?)", options.HistoryRows);
        Prune("DELETE FROM decision_history WHERE forgeable = 1 AND seq <= (SELECT seq FROM decision_history WHERE forgeable = 1 ORDER BY seq DESC LIMIT 1 OFFSET ?)", options.HistoryRows / ForgeablePart);
        Prune("DELETE FROM evidence WHERE seen < ?", oldest);
        Prune("DELETE FROM evidence WHERE class > 0 AND id <= (SELECT id FROM evidence WHERE class > 0 ORDER BY id DESC LIMIT 1 OFFSET ?)", options.EvidenceRows);
        Prune("DELETE FROM evidence WHERE class = 0 AND id <= (SELECT id FROM evidence WHERE class = 0 ORDER BY id DESC LIMIT 1 OFFSET ?)", options.EvidenceRows / ForgeablePart);
    }

    /// <summary>Reads everything in force. Returns how many rows were skipped because they make no sense.</summary>
    public int Restore(RestoredBoard into, long repetitionsSince)
    {
        List<(ushort Word, string Text)?> words = [];
        using (Statement read = new(_connection, "SELECT id, text FROM word"))
        {
            while (read.Step())
            {
                int id = (int)Math.Clamp(read.Int64(0), 0, MaxWordId);
                while (words.Count <= id)
                {
                    words.Add(null);
                }

                words[id] = (into.Word(read.Text(1)), read.Text(1));
            }
        }

        int skipped = ReadClaims(into, words);
        into.LastDecisionId = Math.Max(into.LastDecisionId, Mark("decision"));
        into.LastEvidenceId = Mark("evidence");
        ReadRepetitions(into, repetitionsSince);
        return skipped;
    }

    public void Dispose()
    {
        foreach (Statement statement in new[] { _save, _remove, _end, _witness, _mark, _clock, _findWord, _addWord })
        {
            statement.Dispose();
        }
    }

    private int ReadClaims(RestoredBoard into, List<(ushort Word, string Text)?> words)
    {
        int skipped = 0;
        ushort?[] owners = new ushort?[words.Count];
        using Statement read = new(_connection, "SELECT address, length, origin, owner, id, verdict, start, expiry, confidence, reason, actor, comment, evidence FROM claim ORDER BY address, length, origin");
        while (read.Step())
        {
            Address network = Address.FromBytes(read.Blob(0));
            long length = read.Int64(1);
            long origin = read.Int64(2);
            long owner = read.Int64(3);
            long id = read.Int64(4);
            long verdict = read.Int64(5);
            long expiry = read.Int64(7);
            long confidence = read.Int64(8);
            if (length < 0 || length > network.Bits || (length < network.Bits && Prefix.Around(network, (int)length).Network != network)
                || !OriginRules.IsStoredNumber(origin) || verdict is < 0 or > (long)Verdict.Drop
                || id < VerdictBoard.FirstStoredId || confidence is < 0 or > 10_000
                || WordOf(words, owner) is not { } name || WordOf(words, read.Int64(9)) is not { } reason || WordOf(words, read.Int64(10)) is not { } actor)
            {
                skipped++;
                continue;
            }

            ClaimRow row = new()
            {
                Scope = new Prefix(network, (byte)length),
                OriginCode = (byte)origin,
                Owner = owners[owner] ??= into.Owner(name.Text),
                Id = id,
                VerdictCode = (byte)verdict,
                Start = read.Int64(6),
                Confidence = (ushort)confidence,
                Reason = reason.Word,
                Actor = actor.Word,
            };
            into.Add(row, expiry, read.IsNull(11) ? null : read.Text(11), read.IsNull(12) ? [] : Ids(read.Text(12)));
        }

        return skipped;
    }

    private void ReadRepetitions(RestoredBoard into, long since)
    {
        Dictionary<Prefix, (int Times, long Ended)> past = [];
        using Statement read = new(_connection, "SELECT address, length, ended, cause FROM decision_history WHERE ended >= ? AND origin > ? AND verdict > ? ORDER BY seq");
        read.Bind(0, since).Bind(1, (long)Origin.Operator).Bind(2, (long)Verdict.RateLimit);
        while (read.Step())
        {
            Address network = Address.FromBytes(read.Blob(0));
            Prefix scope = Prefix.Around(network, (int)Math.Clamp(read.Int64(1), 0, network.Bits));
            past[scope] = read.Int64(3) == (long)DecisionChangeKind.Lifted
                ? default
                : (past.GetValueOrDefault(scope).Times + 1, read.Int64(2));
        }

        into.Repetitions.AddRange(past.Where(p => p.Value.Times > 0).Select(p => (p.Key, p.Value.Times, p.Value.Ended)));
    }

    private static (ushort Word, string Text)? WordOf(List<(ushort Word, string Text)?> words, long id) => id >= 0 && id < words.Count ? words[(int)id] : null;

    private long Mark(string name)
    {
        using Statement read = new(_connection, "SELECT value FROM high_water WHERE name = ?");
        read.Bind(0, name);
        return read.Step() ? read.Int64(0) : 0;
    }

    private long Word(string text)
    {
        if (_words.TryGetValue(text, out long id))
        {
            return id;
        }

        _findWord.Bind(0, text);
        bool known = _findWord.Step();
        id = known ? _findWord.Int64(0) : 0;
        _findWord.Reset();
        if (!known)
        {
            _addWord.Bind(0, text).Step();
            id = _addWord.Int64(0);
            _addWord.Reset();
        }

        return _words[text] = id;
    }

    private void Prune(string sql, long bound)
    {
        using Statement statement = new(_connection, sql);
        statement.Bind(0, bound).Step();
    }

    private static long[] Ids(string text)
    {
        List<long> ids = [];
        foreach (Range part in text.AsSpan().Split(','))
        {
            if (long.TryParse(text.AsSpan(part), NumberStyles.None, CultureInfo.InvariantCulture, out long id))
            {
                ids.Add(id);
            }
        }

        return [.. ids];
    }
}
