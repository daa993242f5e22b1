using Blackwall.Mesh.Libp2p;

namespace Blackwall.Mesh.Indicators;

/// <summary>
/// How many messages of one author are taken that were signed in one hour of the clock. It is the time of signing that counts, so that who hears a day of them at once takes
/// as many as who heard them one by one.
/// </summary>
/// <param name="perHour">Messages of an hour.</param>
/// <param name="capacity">Authors that are counted; beyond, those that signed nothing for the longest time are forgotten first.</param>
public sealed class AuthorQuota(int perHour, int capacity = 16_384)
{
    /// <summary>Hours of an author that are counted: a day, and clocks that differ.</summary>
    private const int Hours = 26;

    private readonly Dictionary<PeerId, SortedList<long, Count>> _authors = [];

    /// <summary>Takes one message of an author from its quota.</summary>
    /// <param name="author">Who signed it.</param>
    /// <param name="created">When.</param>
    public bool TryTake(PeerId author, DateTimeOffset created)
    {
        Count count = Meet(author, created);
        if (count.Taken >= perHour)
        {
            return false;
        }

        count.Taken++;
        return true;
    }

    /// <summary>Whether there is something left of the hour of this time.</summary>
    public bool HasLeft(PeerId author, DateTimeOffset created) => Meet(author, created).Taken < perHour;

    /// <summary>Counts a message that was refused just after it was signed. True: as many as a whole quota were, which is no accident.</summary>
    /// <param name="author">Who signed it.</param>
    /// <param name="created">When.</param>
    /// <param name="counter">Its number; one that is not above those before is a repetition, which others can make.</param>
    public bool IsAbuse(PeerId author, DateTimeOffset created, ulong counter)
    {
        Count count = Meet(author, created);
        if (counter <= count.HighestRefused)
        {
            return false;
        }

        count.HighestRefused = counter;
        return ++count.Refused >= perHour;
    }

    private Count Meet(PeerId author, DateTimeOffset created)
    {
        if (!_authors.TryGetValue(author, out SortedList<long, Count>? hours))
        {
            if (_authors.Count >= capacity)
            {
                Forget();
            }

            _authors.Add(author, hours = []);
        }

        long hour = created.ToUnixTimeSeconds() / 3600;
        if (!hours.TryGetValue(hour, out Count? count))
        {
            hours.Add(hour, count = new Count());
            if (hours.Count > Hours)
            {
                hours.RemoveAt(0);
            }
        }

        return count;
    }

    // A sixteenth at once: sorting costs the same for one.
    private void Forget()
    {
        foreach (PeerId past in _authors.OrderBy(pair => pair.Value.GetKeyAtIndex(pair.Value.Count - 1)).Take(Math.Max(1, capacity / 16)).Select(pair => pair.Key).ToArray())
        {
            _authors.Remove(past);
        }
    }

    private sealed class Count
    {
        public int Taken { get; set; }

        public int Refused { get; set; }

        public ulong HighestRefused { get; set; }
    }
}
