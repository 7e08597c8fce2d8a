#include "client/digest/page/built_in_templates.h"

#include "client/digest/page/built_in_style.h"

namespace shield::page {
namespace {

constexpr char kPage[] = R"html({{> head}}
<nav class="contents" aria-label="{{title}}">
<ul>
{{#sections}}
<li><a href="#{{id}}">{{heading}}</a></li>
{{/sections}}
</ul>
</nav>
{{#sections}}
{{> section}}
{{/sections}}
)html";

constexpr char kHead[] = R"html(<div class="head">
<p class="force">{{network}}</p>
<h1>{{title}}</h1>
<p class="means">{{label_means}}</p>
{{#revision}}
<p class="revision"><strong>{{revision}}</strong></p>
{{/revision}}
<dl class="facts">
{{#facts}}
<div><dt>{{name}}</dt> <dd>{{value}}</dd></div>
{{/facts}}
</dl>
</div>
)html";

constexpr char kSection[] =
    R"html(<section id="{{id}}" class="part part-{{id}}" aria-labelledby="{{id}}-heading">
<h2 id="{{id}}-heading">{{heading}}</h2>
{{content}}
{{#bulletins}}
{{> item}}
{{/bulletins}}
</section>
)html";

constexpr char kItem[] =
    R"html(<article id="b{{number}}" class="bulletin severity-{{severity_class}}" aria-labelledby="b{{number}}-title">
<h3 id="b{{number}}-title"><span class="number">{{number}}</span> <span{{language_attribute}}>{{item_title}}</span></h3>
<p class="kicker"><span class="tag tlp-{{item_label_class}}">{{item_label}}</span>
{{#status}}<strong class="status">{{status}}</strong>{{/status}}
{{#severity}}<span class="severity severity-{{severity_class}}">{{severity_mark}} {{severity}}</span>{{/severity}}
{{change}}{{#kind}}, {{kind}}{{/kind}}, {{issued}}</p>
{{text}}
<dl class="item-facts">
{{#item_facts}}
<div><dt>{{name}}</dt> <dd>{{value}}</dd></div>
{{/item_facts}}
</dl>
{{more}}
</article>
)html";

}  // namespace

const std::map<std::string, std::string>& BuiltInTemplates() {
  static const auto* const templates =
      new std::map<std::string, std::string>{{"head.mustache", kHead},
                                             {"item.mustache", kItem},
                                             {"page.css", BuiltInStyle()},
                                             {"page.mustache", kPage},
                                             {"section.mustache", kSection}};
  return *templates;
}

}  // namespace shield::page
