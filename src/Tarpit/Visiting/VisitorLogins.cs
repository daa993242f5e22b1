using System.Net;
using Blackwall.Tarpit.Sessions;
using Blackwall.Tarpit.Shell.Commands;

namespace Blackwall.Tarpit.Visiting;

/// <summary>
/// Who is let into the shell: a visitor by the passwords and keys of the machine as he left it, also from another address; others as the operator set it.
/// </summary>
internal sealed class VisitorLogins(Visitors visitors, IAcceptPolicy policy) : IShellLogins
{
    public async ValueTask<bool> AcceptsAsync(IPAddress source, string user, string password, CancellationToken cancellation)
    {
        if (password.Length > 0 && await visitors.FindAsync(VisitorKey.OfPassword(user, password), cancellation) is { } owner && IsPassword(owner, user, password))
        {
            visitors.Link(source, owner);
            return true;
        }

        if (await visitors.FindAsync(source, cancellation) is not { } visitor)
        {
            return policy.Accepts(source, user, password);
        }

        // He changed this one, or the user is gone: what was right before is right no more.
        return !visitor.State.Passwords.ContainsKey(user) && Accounts.Find(visitor.Files, user) is not null && policy.Accepts(source, user, password);
    }

    public async ValueTask<bool> AcceptsKeyAsync(IPAddress source, string user, ReadOnlyMemory<byte> key, CancellationToken cancellation) =>
        await OwnerAsync(source, user, key, cancellation) is not null;

    public async ValueTask<IHost> LogInAsync(IPEndPoint remote, IPEndPoint local, string user, ReadOnlyMemory<byte>? key, CancellationToken cancellation)
    {
        if (key is { } used && await OwnerAsync(remote.Address, user, used, cancellation) is { } owner)
        {
            visitors.Link(remote.Address, owner);
        }

        _ = await visitors.FindAsync(remote.Address, cancellation);
        return visitors.LogIn(remote, local, user, key is not null);
    }

    private async ValueTask<Visitor?> OwnerAsync(IPAddress source, string user, ReadOnlyMemory<byte> key, CancellationToken cancellation)
    {
        Visitor? owner = await visitors.FindAsync(VisitorKey.OfPublicKey(user, key.Span), cancellation) ?? await visitors.FindAsync(source, cancellation);
        return owner is not null && AuthorizedKeys.LetIn(owner.Files, user, key.Span) ? owner : null;
    }

    private static bool IsPassword(Visitor visitor, string user, string password) =>
        visitor.State.Passwords.TryGetValue(user, out string? set) && string.Equals(set, password, StringComparison.Ordinal) && Accounts.Find(visitor.Files, user) is not null
        && !AccountChanges.Secret(visitor.Files, user).StartsWith('!');
}
