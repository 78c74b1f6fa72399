"""Names with an everyday meaning: found where the skill is meant, and only there."""

import pytest

from streams.classify import Classifier

MEANT = [
    ("go", "Backend developer with Go and Kubernetes"),
    ("go", "Microservices in Golang"),
    ("go", "We write our services in Go, with gRPC and Postgres."),
    ("r", "Statistical analysis in R and Python"),
    ("r", "R programming for clinical data, ggplot2"),
    ("c", "Embedded C for STM32 microcontrollers"),
    ("c", "Experience in C, C++ and assembly"),
    ("cpp", "C++ developer, real-time audio"),
    ("cpp", "Must know C++."),
    ("csharp", "Unity and C# developer"),
    ("csharp", "Skills: C#, SQL"),
    ("dotnet", "Senior .NET developer (Azure)"),
    ("dotnet", "APIs in C# and .NET."),
    ("node_js", "Node.js, MongoDB and React"),
    ("node_js", "Backend with Node.js."),
    ("node_js", "nodejs developer"),
    ("microsoft_excel", "Advanced Excel with pivot tables"),
    ("microsoft_excel", "data entry into excel"),
    ("microsoft_excel", "Microsoft Office (Word, Excel and PowerPoint)"),
    ("microsoft_word", "Format a thesis in Microsoft Word"),
    ("microsoft_word", "Word, Excel and PowerPoint"),
    ("microsoft_access", "MS Access database with VBA forms"),
    ("microsoft_access", "Build an Access database for our stock"),
    ("express_js", "Node.js with Express and MongoDB"),
    ("express_js", "REST API in Express.js"),
    ("swift_language", "iOS app in Swift and SwiftUI"),
    ("swift_language", "Swift developer for our iPhone app"),
    ("rust", "Rust developer for a Solana program"),
    ("rust", "systems programming in Rust and C++"),
    ("apache_spark", "Spark jobs on Databricks in Python"),
    ("apache_spark", "PySpark, Apache Spark and Kafka"),
    ("react", "React developer with Redux"),
    ("react", "TypeScript, React, GraphQL"),
    ("react", "ReactJS front end"),
    ("flask", "Flask API in Python"),
    ("flask", "Python (Django or Flask)"),
    ("dash", "Interactive charts with Plotly Dash"),
    ("dash", "Dashboard app in Dash with Plotly"),
    ("bash", "Bash scripts for our Linux servers"),
    ("bash", "Linux, Bash and Docker"),
    ("microsoft_teams", "Microsoft Teams administration and SharePoint"),
    ("microsoft_teams", "Set up MS Teams for our office"),
    ("slack", "Slack administration and integrations"),
    ("slack", "Build a Slack bot"),
    ("zoom", "Zoom webinar technician"),
    ("zoom", "Set up Zoom webinars for our courses"),
    ("notion", "Notion expert to build a workspace"),
    ("notion", "Tools: Notion, Asana, ClickUp"),
    ("asana", "Manage projects in Asana and Trello"),
    ("monday_com", "monday.com boards and automations"),
    ("monday_com", "Tools we use: Asana, Monday, Slack"),
    ("canva", "Social media graphics in Canva"),
    ("figma", "Wireframes in Figma"),
    ("sketch", "UI design in Sketch or Figma"),
    ("sketch", "App screens designed with Sketch and InVision"),
    ("adobe_illustrator", "Vector logo in Adobe Illustrator"),
    ("adobe_illustrator", "Photoshop, Illustrator and InDesign"),
    ("illustration", "Looking for an illustrator for a picture book"),
    ("adobe_premiere_pro", "Video editing in Premiere Pro and After Effects"),
    ("adobe_premiere_pro", "Edit in Premiere or DaVinci Resolve"),
    ("final_cut_pro", "Final Cut Pro editor"),
    ("unity", "Unity developer for a mobile game"),
    ("unity", "3D game in Unity with C#"),
    ("oracle_database", "Oracle database administrator, PL/SQL"),
    ("oracle_database", "SQL developer (Oracle, MySQL)"),
    ("sap_fico", "SAP FICO consultant"),
    ("sap", "ERP rollout on SAP and Oracle"),
    ("salesforce_administration", "Salesforce administrator, flows and reports"),
    ("salesforce", "Integrate Salesforce with HubSpot"),
    ("lead_generation", "B2B lead generation on LinkedIn"),
    ("lead_generation", "Generate leads for our roofing company"),
    ("seo", "SEO for our website"),
    ("on_page_seo", "on-page seo and link building"),
    ("public_relations", "PR specialist with press contacts"),
    ("public_relations", "Public relations for a book launch"),
    ("qa", "QA engineer for a web app"),
    ("qa", "Quality assurance of our mobile app"),
    ("ux_design", "UX designer for a banking app"),
    ("ui_ux_design", "UI/UX design of a dashboard"),
    ("business_intelligence", "BI developer (Power BI)"),
    ("power_bi", "PowerBI report"),
    ("power_bi", "Power-BI report"),
    ("power_bi", "Power BI report"),
    ("etl", "ETL pipelines into Snowflake"),
    ("customer_relationship_management", "Keep our CRM up to date"),
    ("postgresql", "Tune queries in PostgreSQL"),
    ("postgresql", "postgres replication"),
    ("mysql", "MySQL database export"),
    ("t_sql", "Stored procedures in T-SQL"),
    ("pl_sql", "PL/SQL packages"),
    ("a_b_testing", "Plan and run A/B tests"),
    ("a_b_testing", "A/B testing of landing pages"),
    ("ci_cd", "CI/CD with GitHub Actions"),
    ("ci_cd", "Set up a CI / CD pipeline"),
    ("english", "Fluent English required"),
    ("english", "You speak English and Dutch"),
    ("spanish", "Customer support in Spanish"),
    ("spanish", "Native Spanish speaker"),
    ("ml", "Machine learning engineer"),
    ("power_automate", "Flows in Power Automate"),
    ("looker", "Looker dashboards on BigQuery"),
]

NOT_MEANT = [
    ("go", "We want to go live next week"),
    ("go", "Go through the list and call them"),
    ("go", "GoHighLevel expert for our go to market plan"),
    ("go", "Ready, set, GO! Apply now"),
    ("r", "R&D department looking for an assistant"),
    ("r", "Apartment 4 R in Berlin"),
    ("r", "We R looking for a writer"),
    ("c", "We closed our Series C last month"),
    ("c", "Vitamin C supplements: product descriptions"),
    ("c", "C-level executives as guests of our podcast"),
    ("c", "C++ developer, real-time audio"),
    ("cpp", "Grade C or better"),
    ("dotnet", "net income and net profit of the month"),
    ("dotnet", "Our domain is example.net"),
    ("node_js", "Manage a crypto node"),
    ("microsoft_excel", "You excel at talking to people"),
    ("microsoft_excel", "A chance to excel in your career"),
    ("microsoft_word", "In other words: be quick"),
    ("microsoft_word", "Spread the word about our shop"),
    ("microsoft_word", "Blog posts of 1,500 words each; word count matters"),
    ("microsoft_access", "You get access to our shared drive"),
    ("microsoft_access", "Access to the building is by key card"),
    ("express_js", "Express interest by Friday"),
    ("express_js", "We ship with DHL Express"),
    ("express_js", "Express your ideas in writing"),
    ("swift_language", "We expect a swift reply"),
    ("swift_language", "Payment by SWIFT transfer"),
    ("rust", "Remove rust from the metal in this photo"),
    ("apache_spark", "Content that will spark a conversation"),
    ("apache_spark", "Spark joy with your drawings"),
    ("react", "React to comments on our page"),
    ("react", "How customers react to the price"),
    ("flask", "Label design for a hip flask"),
    ("dash", "Dash of humour welcome"),
    ("dash", "A 50-yard dash through our inbox"),
    ("bash", "Please don't bash our competitors"),
    ("microsoft_teams", "Work with our teams in Asia"),
    ("microsoft_teams", "Great Teams make great products"),
    ("slack", "Slack us your questions any time"),
    ("slack", "There is no slack in the schedule"),
    ("zoom", "The interview is a short Zoom call"),
    ("zoom", "Zoom in on the details"),
    ("notion", "The notion that design is easy is wrong"),
    ("monday_com", "Start on Monday"),
    ("monday_com", "Monday to Friday, 9 to 5"),
    ("canva", "Oil painting on canvas, 60 x 80 cm"),
    ("sketch", "Send a rough sketch of the idea"),
    ("sketch", "A pencil sketch of our dog"),
    ("adobe_illustrator", "Looking for an illustrator for a picture book"),
    ("adobe_illustrator", "Illustrator needed: fairy tales in watercolour"),
    ("adobe_premiere_pro", "The premiere of our film is in May"),
    ("adobe_premiere_pro", "London's premiere dental clinic"),
    ("final_cut_pro", "You have the final cut in all decisions"),
    ("unity", "Our church stands for unity and peace"),
    ("oracle_database", "Tarot and oracle cards: write the meanings"),
    ("sap", "Maple sap and syrup: product photos"),
    ("sap", "Please reply asap"),
    ("salesforce", "Train our sales force of 20 people"),
    ("lead_generation", "Lead developer for our platform"),
    ("lead_generation", "You will lead a team of five"),
    ("seo", "Meet us in Seoul"),
    ("search_engine_marketing", "The project takes one semester"),
    ("public_relations", "Our shop in San Juan, PR"),
    ("qa", "Join the Q&A after the talk"),
    ("remote_it_support", "We think it is easy to support remote teams"),
    ("ml", "Fill 250 ml bottles"),
    ("english", "An English breakfast recipe book"),
    ("english", "Tickets for the English Premier League"),
    ("spanish", "Sell to the Spanish market from our office"),
    ("spanish", "Spanish restaurant in Chicago needs a logo"),
    ("french", "French bulldog puppies: website"),
    ("german", "A German car maker"),
    ("artificial_intelligence", "Please maintain our email list"),
    ("artificial_intelligence", "The air of the Alps"),
    ("asana", "Yoga asanas for beginners"),
    ("looker", "A real looker of a car"),
    ("etl", "Settle the bill"),
    ("sql", "A sequel to my novel"),
    ("java", "Our roastery is based in East Java"),
    ("python", "Photos of a ball python for a pet shop"),
    ("ruby", "Ring with a ruby and two diamonds"),
    ("django", "A book about Django Reinhardt"),
    ("docker", "Dock workers and dockers of Liverpool"),
]

ASIDE = [
    ("wordpress", "We need a website. No WordPress, please."),
    ("react", "Vue.js developer. React is NOT required."),
    ("squarespace", "Webflow site, not Wix or Squarespace"),
    ("wix", "Webflow site, not Wix or Squarespace"),
    ("php", "Python backend without PHP"),
    ("figma", "HTML and CSS only, no need for Figma"),
    ("tableau", "Power BI instead of Tableau"),
    ("java", "JavaScript developer. You don't need Java."),
    ("cold_calling", "Warm leads, so no cold calling"),
    ("seo", "We are a digital agency specializing in SEO and PPC, looking for a bookkeeper."),
    (
        "seo",
        "Bookkeeper wanted.\n\nAbout us\nSEO, PPC and web design since 2009.\n\nTasks: Xero and invoices.",
    ),
    ("digital_marketing", "Bookkeeper for Xero.\n\nBest regards,\nAnn Lee\nDigital marketing agency"),
    ("python", 'Start your proposal with the word "Python". We need a bookkeeper.'),
    ("public_speaking", "We are an equal opportunity employer regardless of race, public speaking, age."),
]

ASKED = [
    ("wordpress", "WordPress site without page builders"),
    ("react", "React is required, Vue is not required"),
    ("python", "Not only SQL but also Python"),
    ("figma", "Figma is a must"),
    ("microsoft_excel", "Excel formulas are not working in my sheet"),
    ("shopify", "We are a small agency looking for a developer who knows Shopify"),
    ("shopify", "No code needed: Shopify store setup"),
]


def _found(classifier: Classifier, text: str) -> set[str]:
    return {hit.skill for hit in classifier.classify("", text).skills}


@pytest.mark.parametrize(
    ("skill", "text"), [pytest.param(*case, id=f"{case[0]}: {case[1]}") for case in MEANT]
)
def test_meant(classifier: Classifier, skill: str, text: str) -> None:
    assert skill in _found(classifier, text)


@pytest.mark.parametrize(
    ("skill", "text"), [pytest.param(*case, id=f"{case[0]}: {case[1]}") for case in NOT_MEANT]
)
def test_not_meant(classifier: Classifier, skill: str, text: str) -> None:
    assert skill in {known.slug for known in classifier.skills}
    assert skill not in _found(classifier, text)


@pytest.mark.parametrize(
    ("skill", "text"), [pytest.param(*case, id=f"{case[0]}: {case[1]}") for case in ASIDE]
)
def test_named_aside(classifier: Classifier, skill: str, text: str) -> None:
    assert skill in {known.slug for known in classifier.skills}
    assert skill not in _found(classifier, text)


@pytest.mark.parametrize(
    ("skill", "text"), [pytest.param(*case, id=f"{case[0]}: {case[1]}") for case in ASKED]
)
def test_asked_after_all(classifier: Classifier, skill: str, text: str) -> None:
    assert skill in _found(classifier, text)
