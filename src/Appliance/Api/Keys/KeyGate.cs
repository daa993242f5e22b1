using System.Globalization;
using System.Text;
using Blackwall.Api.Connections;
using Blackwall.Api.Problems;
using Blackwall.Pipeline.Board;
using Blackwall.Pipeline.Model;
using Blackwall.Pipeline.Ports;

namespace Blackwall.Api.Keys;

/// <summary>Refuses requests without a valid key, or whose key lacks the endpoint's scope, before a byte of the body is read.</summary>
internal sealed class KeyGate(RequestDelegate next, KeyRing keys, FailedKeys failures, IManagementClients clients, TimeProvider time, EvidenceRecorder recorder, ICredentialCanaries? canaries = null)
{
    private const string Scheme = "Bearer ";

    public async Task InvokeAsync(HttpContext context)
    {
        Endpoint? endpoint = context.GetEndpoint();
        bool anonymous = endpoint?.Metadata.GetMetadata<AnonymousAttribute>() is not null;
        string authorization = context.Request.Headers.Authorization.ToString();
        KeyCarrier? carrier = endpoint?.Metadata.GetMetadata<KeyCarrier>();
        string? carried = carrier?.Read(context.Request);
        LocalPeer? peer = authorization.Length == 0 && carried is null ? context.Features.Get<LocalPeer>() : null;
        ApiKey? key = peer is not null ? ApiKey.Local(peer.UserId)
            : carried is not null ? keys.Find(carried)
            : authorization.StartsWith(Scheme, StringComparison.OrdinalIgnoreCase) ? keys.Find(authorization.AsSpan(Scheme.Length).Trim()) : null;
        Address client = context.Connection.RemoteIpAddress is { } remote ? Address.From(remote) : Address.None;
        DateTimeOffset now = time.GetUtcNow();
        bool over = key?.IsOver(now) == true;
        if (key is not null && !over)
        {
            Caller caller = new(key, client);
            context.Features.Set(caller);
            if (!key.MayCallFrom(client))
            {
                await Problem.Create(StatusCodes.Status403Forbidden, $"The key '{key.Name}' may not be used from {client}.").ExecuteAsync(context);
                return;
            }

            key.Used(now);
            context.Features.Get<ConnectionTicket>()?.Prove(key.Id);
            if (key.Scopes.MayChange)
            {
                clients.Seen(client);
            }

            if (!anonymous && endpoint is not null && Missing(key, endpoint) is { } missing)
            {
                await new Problem(
                    StatusCodes.Status403Forbidden,
                    $"This needs the scope {missing}; the key '{key.Name}' has {key.Scopes}.",
                    new Dictionary<string, string[]>(StringComparer.Ordinal) { ["scope"] = [missing.Word] }).ExecuteAsync(context);
                return;
            }
        }
        else if (!anonymous)
        {
            await RefuseAsync(context, carrier, authorization.Length > 0 || carried is not null, over, client);
            return;
        }

        await next(context);
    }

    /// <summary>The scope that the key lacks; null: none. An endpoint that declares no scope needs admin.</summary>
    private static Scope? Missing(ApiKey key, Endpoint endpoint)
    {
        Scope? needed = endpoint.Metadata.GetMetadata<Needs>() is { } needs ? needs.Scope : Scope.Admin;
        return needed is null || key.Scopes.Allows(needed) ? null : needed;
    }

    private async Task RefuseAsync(HttpContext context, KeyCarrier? carrier, bool triedOne, bool over, Address client)
    {
        if (triedOne && canaries?.FindAuthorization(client, Encoding.UTF8.GetBytes(context.Request.Headers.Authorization.ToString()), "the API of this appliance", EvidenceClass.Application) is { } used)
        {
            recorder.Record(used);
        }

        // Whoever has a key that was good once is not guessing.
        if (triedOne && !over && failures.Count(client) is { } wait)
        {
            context.Response.Headers.RetryAfter = ((int)Math.Ceiling(wait.TotalSeconds)).ToString(CultureInfo.InvariantCulture);
            await Problem.Create(StatusCodes.Status429TooManyRequests, "Too many wrong keys from this address.").ExecuteAsync(context);
            return;
        }

        if (carrier?.Status is null or StatusCodes.Status401Unauthorized)
        {
            context.Response.Headers.WWWAuthenticate = carrier?.Challenge ?? "Bearer";
        }

        string why = over ? "The key has expired." : triedOne ? "The key is not known." : $"Send the key {carrier?.How ?? "as 'Authorization: Bearer KEY'"}.";
        await Problem.Create(carrier?.Status ?? StatusCodes.Status401Unauthorized, why).ExecuteAsync(context);
    }
}
