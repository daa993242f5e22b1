using System.Globalization;
using System.Net;
using System.Text;
using Blackwall.Tarpit.Http.Wire;
using Blackwall.Tarpit.Recording;
using Blackwall.Tarpit.World;

namespace Blackwall.Tarpit.Http.WordPress;

/// <summary>xmlrpc.php: what it can do, guesses at passwords by the hundred, and pingbacks, which nobody fetches.</summary>
internal sealed class XmlRpc(Website site, WordPressLogins logins) : IHttpPersona
{
    private const int MostCalls = 5000;
    private const int MostRecorded = 256;

    // In the order in which system.listMethods tells them: the server's own first, then WordPress's from the last to the first.
    private static readonly string[] Methods =
    [
        "system.multicall", "system.listMethods", "system.getCapabilities", "demo.addTwoNumbers", "demo.sayHello", "pingback.extensions.getPingbacks", "pingback.ping", "mt.publishPost", "mt.getTrackbackPings",
        "mt.supportedTextFilters", "mt.supportedMethods", "mt.setPostCategories", "mt.getPostCategories", "mt.getRecentPostTitles", "mt.getCategoryList", "metaWeblog.getUsersBlogs", "metaWeblog.deletePost",
        "metaWeblog.newMediaObject", "metaWeblog.getCategories", "metaWeblog.getRecentPosts", "metaWeblog.getPost", "metaWeblog.editPost", "metaWeblog.newPost", "blogger.deletePost", "blogger.editPost", "blogger.newPost",
        "blogger.getRecentPosts", "blogger.getPost", "blogger.getUserInfo", "blogger.getUsersBlogs", "wp.restoreRevision", "wp.getRevisions", "wp.getPostTypes", "wp.getPostType", "wp.getPostFormats", "wp.getMediaLibrary",
        "wp.getMediaItem", "wp.getCommentStatusList", "wp.newComment", "wp.editComment", "wp.deleteComment", "wp.getComments", "wp.getComment", "wp.setOptions", "wp.getOptions", "wp.getPageTemplates", "wp.getPageStatusList",
        "wp.getPostStatusList", "wp.getCommentCount", "wp.deleteFile", "wp.uploadFile", "wp.suggestCategories", "wp.deleteCategory", "wp.newCategory", "wp.getTags", "wp.getCategories", "wp.getAuthors", "wp.getPageList",
        "wp.editPage", "wp.deletePage", "wp.newPage", "wp.getPages", "wp.getPage", "wp.editProfile", "wp.getProfile", "wp.getUsers", "wp.getUser", "wp.getTaxonomies", "wp.getTaxonomy", "wp.getTerms", "wp.getTerm",
        "wp.deleteTerm", "wp.editTerm", "wp.newTerm", "wp.getPosts", "wp.getPost", "wp.deletePost", "wp.editPost", "wp.newPost", "wp.getUsersBlogs",
    ];

    public ValueTask<HttpAnswer> AnswerAsync(HttpExchange exchange, CancellationToken cancellation)
    {
        HttpRequest request = exchange.Request;
        WordPressLinks links = new(site, request.Origin);
        if (request.Query.ContainsKey("rsd"))
        {
            return new(HttpAnswer.Script($"<?xml version=\"1.0\" encoding=\"UTF-8\"?><rsd version=\"1.0\" xmlns=\"http://archipelago.phrasewise.com/rsd\">\n\t<service>\n\t\t<engineName>WordPress</engineName>\n\t\t<engineLink>https://wordpress.org/</engineLink>\n\t\t<homePageLink>{links.Home}</homePageLink>\n\t\t<apis>\n\t\t\t<api name=\"WordPress\" blogID=\"1\" preferred=\"true\" apiLink=\"{links.Home}/xmlrpc.php\" />\n\t\t\t<api name=\"Movable Type\" blogID=\"1\" preferred=\"false\" apiLink=\"{links.Home}/xmlrpc.php\" />\n\t\t\t<api name=\"MetaWeblog\" blogID=\"1\" preferred=\"false\" apiLink=\"{links.Home}/xmlrpc.php\" />\n\t\t\t<api name=\"Blogger\" blogID=\"1\" preferred=\"false\" apiLink=\"{links.Home}/xmlrpc.php\" />\n\t\t\t\t<api name=\"WP-API\" blogID=\"1\" preferred=\"false\" apiLink=\"{links.Home}/wp-json/\" />\n\t\t\t</apis>\n\t</service>\n</rsd>\n", "text/xml; charset=UTF-8"));
        }

        if (request.Method is not "POST")
        {
            return new(HttpAnswer.Script("XML-RPC server accepts POST requests only.", "text/plain;charset=UTF-8", 405).With("Allow", "POST"));
        }

        XmlRpcCall? call = XmlRpcCall.Read(Encoding.UTF8.GetString(request.Body.Span));
        Round round = new(exchange, links);
        string answer = call is null ? Fault(-32700, "parse error. not well formed") : Whole(Call(round, call.Method, call.Parameters, isNested: false));
        string head = "<?xml version=\"1.0\" encoding=\"UTF-8\"?>\n<methodResponse>\n";
        return new(new HttpAnswer(200) { Body = Encoding.UTF8.GetBytes($"{head}{answer}</methodResponse>\n"), ContentType = "text/xml; charset=UTF-8", IsScript = true, EndsConnection = true });
    }

    // What a call gives: a value, or a fault.
    private Result Call(Round round, string method, IReadOnlyList<XmlRpcValue> parameters, bool isNested)
    {
        if (Array.IndexOf(Methods, method) < 0)
        {
            return Result.Fail(-32601, $"server error. requested method {method} does not exist.");
        }

        return method switch
        {
            "system.listMethods" => Result.From(List(Methods.Select(name => String(name)))),
            "system.getCapabilities" => Result.From("<struct>\n  <member><name>xmlrpc</name><value><struct>\n  <member><name>specUrl</name><value><string>http://www.xmlrpc.com/spec</string></value></member>\n  <member><name>specVersion</name><value><int>1</int></value></member>\n</struct></value></member>\n</struct>"),
            "system.multicall" => isNested ? Result.Fail(-32600, "Recursive calls to system.multicall are forbidden") : Multicall(round, parameters),
            "demo.sayHello" => Result.From(String("Hello!")),
            "demo.addTwoNumbers" => Result.From(string.Create(CultureInfo.InvariantCulture, $"<int>{Integer(parameters, 0) + Integer(parameters, 1)}</int>")),
            "mt.supportedMethods" => Result.From(List(Methods.Where(name => !name.StartsWith("system.", StringComparison.Ordinal)).Select(name => String(name)))),
            "mt.supportedTextFilters" => Result.From(List([])),
            "pingback.ping" => Pingback(round, parameters),
            "pingback.extensions.getPingbacks" or "mt.getTrackbackPings" => Result.From(List([])),
            _ => Authenticated(round, method, parameters),
        };
    }

    private Result Multicall(Round round, IReadOnlyList<XmlRpcValue> parameters)
    {
        List<string> answers = [];
        foreach (XmlRpcValue call in (parameters is [var calls, ..] ? calls.Items : []).Take(MostCalls))
        {
            Result result = Call(round, call["methodName"]?.Text ?? "", call["params"]?.Items ?? [], isNested: true);
            answers.Add(result.Code is { } code
                ? string.Create(CultureInfo.InvariantCulture, $"<struct>\n  <member><name>faultCode</name><value><int>{code}</int></value></member>\n  <member><name>faultString</name><value>{String(result.Value)}</value></member>\n</struct>")
                : List([result.Value]));
        }

        return Result.From(List(answers));
    }

    private static Result Pingback(Round round, IReadOnlyList<XmlRpcValue> parameters)
    {
        // Whoever sends this wants us to send a request to somebody.
        round.Exchange.Log.Record(new Observation(ObservationKinds.Download) { Name = "pingback", Text = parameters is [var from, ..] ? from.Text : null });
        return Result.Fail(0, "");
    }

    private Result Authenticated(Round round, string method, IReadOnlyList<XmlRpcValue> parameters)
    {
        int at = method is "wp.getUsersBlogs" ? 0 : method.StartsWith("blogger.", StringComparison.Ordinal) && method is not "blogger.getUsersBlogs" and not "blogger.getUserInfo" ? 2 : 1;
        if (parameters.Count < at + 2)
        {
            return Result.Fail(400, "Insufficient arguments passed to this XML-RPC method.");
        }

        (string name, string password) = (parameters[at].Text, parameters[at + 1].Text);
        WebsiteUser? user = logins.Find(name);

        // After one failure of a request all others of it fail too, right or wrong.
        bool accepted = !round.HasFailed && logins.Desk.Judge(round.Exchange, user?.Login ?? name, password, "xmlrpc") && user is not null;
        if (round.HasFailed && round.Recorded++ < MostRecorded)
        {
            LoginDesk.Record(round.Exchange, name, password, "xmlrpc", accepted: false);
        }

        if (!accepted)
        {
            round.HasFailed = true;
            return Result.Fail(403, "Incorrect username or password.");
        }

        return method switch
        {
            "wp.getUsersBlogs" or "blogger.getUsersBlogs" or "metaWeblog.getUsersBlogs" => Result.From(List([Blog(round.Links, user!)])),
            "wp.getProfile" or "blogger.getUserInfo" => Result.From($"<struct>\n  <member><name>user_id</name><value><string>{user!.Id}</string></value></member>\n  <member><name>username</name><value>{String(user.Login)}</value></member>\n  <member><name>email</name><value>{String(user.Email)}</value></member>\n</struct>"),
            "wp.uploadFile" or "metaWeblog.newMediaObject" => Upload(round, parameters),
            "wp.getUsers" or "wp.getAuthors" => Result.From(List(site.Users.Select(one => $"<struct>\n  <member><name>user_id</name><value><string>{one.Id}</string></value></member>\n  <member><name>user_login</name><value>{String(one.Login)}</value></member>\n  <member><name>display_name</name><value>{String(one.Name)}</value></member>\n</struct>"))),
            _ => Result.Fail(401, "Sorry, you are not allowed to do that."),
        };
    }

    private static Result Upload(Round round, IReadOnlyList<XmlRpcValue> parameters)
    {
        if (parameters.Count < 4 || parameters[3] is not { } file)
        {
            return Result.Fail(400, "Insufficient arguments passed to this XML-RPC method.");
        }

        string name = file["name"]?.Text ?? "file";
        byte[] content = Convert.TryFromBase64String(file["bits"]?.Text ?? "", new byte[(file["bits"]?.Text.Length ?? 0) + 4], out _) ? Convert.FromBase64String(file["bits"]!.Text) : Encoding.UTF8.GetBytes(file["bits"]?.Text ?? "");
        string hash = round.Exchange.Log.SaveFile(name, content);
        round.Exchange.Log.Record(new Observation(ObservationKinds.Upload) { Name = name, Sha256 = hash, Size = content.Length, User = round.Exchange.Request.IsCrossSite ? null : parameters[1].Text });
        return Result.Fail(500, $"Could not write file {name} (Sorry, you are not allowed to upload this file type.).");
    }

    private string Blog(WordPressLinks links, WebsiteUser user) =>
        $"<struct>\n  <member><name>isAdmin</name><value><boolean>{(user.Id == 1 ? 1 : 0)}</boolean></value></member>\n  <member><name>url</name><value>{String(links.Home + "/")}</value></member>\n  <member><name>blogid</name><value><string>1</string></value></member>\n  <member><name>blogName</name><value>{String(site.Title)}</value></member>\n  <member><name>xmlrpc</name><value>{String(links.Home + "/xmlrpc.php")}</value></member>\n</struct>";

    private static int Integer(IReadOnlyList<XmlRpcValue> parameters, int at) => parameters.Count > at && int.TryParse(parameters[at].Text, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture, out int number) ? number : 0;

    private static string String(string text) => $"<string>{WebUtility.HtmlEncode(text)}</string>";

    private static string List(IEnumerable<string> values) => $"<array><data>\n{string.Concat(values.Select(value => $"  <value>{value}</value>\n"))}</data></array>";

    private static string Whole(Result result) => result.Code is { } code ? Fault(code, result.Value) : $"  <params>\n    <param>\n      <value>\n      {result.Value}\n      </value>\n    </param>\n  </params>\n";

    private static string Fault(int code, string text) =>
        string.Create(CultureInfo.InvariantCulture, $"  <fault>\n    <value>\n      <struct>\n        <member>\n          <name>faultCode</name>\n          <value><int>{code}</int></value>\n        </member>\n        <member>\n          <name>faultString</name>\n          <value><string>{WebUtility.HtmlEncode(text)}</string></value>\n        </member>\n      </struct>\n    </value>\n  </fault>\n");

    private readonly record struct Result(string Value, int? Code)
    {
        public static Result From(string value) => new(value, null);

        public static Result Fail(int code, string text) => new(text, code);
    }

    private sealed record Round(HttpExchange Exchange, WordPressLinks Links)
    {
        public bool HasFailed { get; set; }

        public int Recorded { get; set; }
    }
}
