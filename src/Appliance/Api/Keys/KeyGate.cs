using System.Globalization;
using Blackwall.Api.Problems;
using Blackwall.Pipeline;

namespace Blackwall.Api.Keys;

/// <summary>Lets nobody in without a key, before a byte of the body is read.</summary>
internal sealed class KeyGate(RequestDelegate next, KeyRing keys, FailedKeys failures, IManagementClients clients)
{
    private const string Scheme = "Bearer ";

    public async Task InvokeAsync(HttpContext context)
    {
        bool anonymous = context.GetEndpoint()?.Metadata.GetMetadata<AnonymousAttribute>() is not null;
        string authorization = context.Request.Headers.Authorization.ToString();
        string? holder = authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? keys.HolderOf(authorization.AsSpan(Scheme.Length).Trim()) : null;
        Address client = context.Connection.RemoteIpAddress is { } remote ? Address.From(remote) : Address.None;
        if (holder is not null)
        {
            context.Features.Set(new Caller(holder, client));
            clients.Seen(client);
        }
        else if (!anonymous)
        {
            await RefuseAsync(context, authorization.Length > 0, client);
            return;
        }

        await next(context);
    }

    private async Task RefuseAsync(HttpContext context, bool triedOne, Address client)
    {
        if (triedOne && failures.Count(client) is { } wait)
        {
            context.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            await Problem.Of(StatusCodes.Status429TooManyRequests, "Too many wrong keys from this address.").ExecuteAsync(context);
            return;
        }

        context.Response.Headers.WWWAuthenticate = "Bearer";
        await Problem.Of(StatusCodes.Status401Unauthorized, triedOne ? "The key is not known." : "Send the key as 'Authorization: Bearer KEY'.").ExecuteAsync(context);
    }
}
