namespace Blackwall.Tarpit.Http;

/// <summary>Records credentials on their way to the operator's decoy, which alone knows what becomes of them.</summary>
internal sealed class DecoyRecorder(IHttpPersona decoy) : IHttpPersona
{
    private static readonly string[] UserNames = ["log", "user", "username", "login", "email", "user_login", "name"];
    private static readonly string[] PasswordNames = ["pwd", "pass", "password", "passwd", "user_pass"];

    public ValueTask<HttpAnswer> AnswerAsync(HttpExchange exchange, CancellationToken cancellation)
    {
        if (Wire.BasicCredentials.Read(exchange.Request.Head["Authorization"]) is { } basic)
        {
            LoginDesk.Record(exchange, basic.User, basic.Password, "basic", accepted: null);
        }

        if (Find(exchange.Request, PasswordNames) is { } password)
        {
            LoginDesk.Record(exchange, Find(exchange.Request, UserNames) ?? "", password, "form", accepted: null);
        }

        return decoy.AnswerAsync(exchange, cancellation);
    }

    private static string? Find(HttpRequest request, string[] names) => names.Select(name => request.Form.GetValueOrDefault(name)).FirstOrDefault(value => value is not null);
}
