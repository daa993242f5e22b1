using Blackwall.Tarpit.Http.Wire;
using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.Sessions;
using Blackwall.Tarpit.World;

namespace Blackwall.Tarpit.Http;

/// <summary>Judges and records all credentials that come over HTTP: by the policy of the tarpit, and the credentials that lie about on the machine.</summary>
internal sealed class LoginDesk(IAcceptPolicy policy, BaitCredentials bait)
{
    private const int LongestSecret = 1024;

    /// <summary>Whether a user is let in; recorded.</summary>
    /// <param name="method">"form", "basic", "xmlrpc" or "json".</param>
    public bool Judge(HttpExchange exchange, string user, string password, string method)
    {
        bool accepted = password.Length <= LongestSecret && (bait.IsWebsiteLogin(user, password) || policy.Accepts(exchange.Request.Remote.Address, user, password));
        Record(exchange, user, password, method, accepted);
        return accepted;
    }

    /// <summary>Records credentials that were judged elsewhere.</summary>
    /// <param name="accepted">Null: nobody knows.</param>
    public static void Record(HttpExchange exchange, string user, string password, string method, bool? accepted) =>
        exchange.Log.Record(new Observation(ObservationKinds.Login) { User = user, Secret = password, Method = method, Success = accepted, Value = exchange.Request.IsCrossSite ? Observation.CrossSite : null });

    /// <summary>Credentials of an Authorization field, recorded; null: there are none.</summary>
    public bool? JudgeBasic(HttpExchange exchange) =>
        BasicCredentials.Read(exchange.Request.Head["Authorization"]) is { } basic ? Judge(exchange, basic.User, basic.Password, "basic") : null;
}
