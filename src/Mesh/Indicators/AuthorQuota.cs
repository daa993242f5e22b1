using Blackwall.Mesh.Libp2p;

namespace Blackwall.Mesh.Indicators;

/// <summary>How many messages of one author are taken: so many at once and so many an hour.</summary>
/// <param name="perHour">Messages an hour on average, and at once.</param>
/// <param name="capacity">Authors that are counted; beyond, those whose quota is whole again are forgotten first.</param>
public sealed class AuthorQuota(int perHour, int capacity = 16_384)
{
    private readonly Dictionary<PeerId, (double Left, int Refused, DateTimeOffset At)> _authors = [];

    /// <summary>Takes one message of an author from its quota.</summary>
    /// <param name="author">Who signed it.</param>
    /// <param name="now">The time.</param>
    /// <param name="isAbuse">Refused, and as many as a whole quota were refused before: no accident.</param>
    public bool TryTake(PeerId author, DateTimeOffset now, out bool isAbuse)
    {
        isAbuse = false;
        (double left, int refused, DateTimeOffset at) = _authors.GetValueOrDefault(author, (perHour, 0, now));
        double hours = Math.Max(0, (now - at).TotalHours);
        left = Math.Min(perHour, left + (hours * perHour));
        refused = hours >= 1 ? 0 : refused;
        bool taken = left >= 1;
        if (taken)
        {
            left--;
        }
        else
        {
            refused++;
            isAbuse = refused >= perHour;
            refused = isAbuse ? 0 : refused;
        }

        if (!_authors.ContainsKey(author) && _authors.Count >= capacity)
        {
            Forget(now);
        }

        // Where the hour has not passed the time of the last whole count stays, so that the refusals of one hour add up.
        _authors[author] = (left, refused, taken || hours >= 1 ? now : at);
        return taken;
    }

    private void Forget(DateTimeOffset now)
    {
        foreach (PeerId whole in _authors.Where(pair => pair.Value.Left + ((now - pair.Value.At).TotalHours * perHour) >= perHour).Select(pair => pair.Key).ToArray())
        {
            _authors.Remove(whole);
        }

        if (_authors.Count >= capacity)
        {
            _authors.Remove(_authors.MinBy(pair => pair.Value.At).Key);
        }
    }
}
