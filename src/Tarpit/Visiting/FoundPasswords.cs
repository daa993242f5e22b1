using System.Net;

namespace Blackwall.Tarpit.Visiting;

/// <summary>
/// Passwords that were right for whoever guessed them, kept with the visitors beyond the life of this process. Only keys are kept, made of hashes. Thread-safe.
/// </summary>
/// <param name="service">"ssh", "http" or "mysql": each has its own users.</param>
internal sealed class FoundPasswords(IVisitorStore store, string service)
{
    /// <summary>Whether a password was right before.</summary>
    public bool Has(string user, string password) => store.Has(VisitorKey.OfFoundPassword(service, user, password));

    /// <summary>Whether an address found a password of a user before.</summary>
    public bool HasFinder(IPAddress source, string user) => store.Has(VisitorKey.OfFinder(service, source, user));

    /// <summary>A password was right: it stays so, and its age starts anew.</summary>
    public void Add(string user, string password) => store.Save(VisitorKey.OfFoundPassword(service, user, password), VisitorRecord.Mark);

    /// <summary>An address found a password of a user.</summary>
    public void AddFinder(IPAddress source, string user) => store.Save(VisitorKey.OfFinder(service, source, user), VisitorRecord.Mark);
}
